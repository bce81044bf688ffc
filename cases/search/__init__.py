"""What is found by what: tokens, stems, marks and near words. Pure functions over text."""
