//! Figures and the summary.
