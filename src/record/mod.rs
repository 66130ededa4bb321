//! Writing what happened, as it happens.
