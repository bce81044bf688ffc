"""Pure arithmetic of the publication: standard library only, no clock, no input or output."""
