"""Values as files: CSV, XLSX, JSON and data packages. Writes what it is given; reads nothing."""
