//! Running worlds: one evening into a results folder.
