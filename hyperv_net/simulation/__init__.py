"""What a machine does when its VF comes and goes, by the functions that decide it there."""
