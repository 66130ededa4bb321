//! Closed forms that the simulated harm must meet (MODEL section 6), with the taste scale s as the unit of money.
//!
//! A threshold e is logistic. At looks 1, 2, ... the displayed utility is D_n and the honest one D*_n (both in units of s). The order is made at
//! the first look with D_n > e, and its harm is e - D*_n if that is positive. So only looks at which D exceeds its running maximum M add to the
//! expected harm: each adds the integral of (e - D*) f(e) de from max(M, D*) to D, f the logistic density.

/// Expected harm of a person who looks once: KL(P || P*) for D >= D*, P = logistic(D), P* = logistic(D*); 0 for D < D*.
pub fn expected_harm_of_one_look(displayed: f64, honest: f64) -> f64 {
    if displayed <= honest {
        return 0.0;
    }
    let p = logistic(displayed);
    // ln(P / P*) = D - D* - ln((1 + e^D) / (1 + e^D*)), and the same without the first part for the complements.
    let log_complements = softplus(honest) - softplus(displayed);
    p * (displayed - honest) + log_complements
}

/// Expected harm of a person who looks several times, at (D, D*) each.
pub fn expected_harm_of_looks(looks: &[(f64, f64)]) -> f64 {
    let mut highest = f64::NEG_INFINITY;
    let mut sum = 0.0;
    for (displayed, honest) in looks {
        let from = highest.max(*honest);
        if *displayed > from {
            sum += weighted(*displayed, *honest) - weighted(from, *honest);
        }
        highest = highest.max(*displayed);
    }
    sum
}

/// An antiderivative of (e - c) f(e): (e - c) F(e) - ln(1 + e^e).
fn weighted(threshold: f64, honest: f64) -> f64 {
    if threshold == f64::NEG_INFINITY {
        return 0.0;
    }
    (threshold - honest) * logistic(threshold) - softplus(threshold)
}

fn logistic(x: f64) -> f64 {
    crate::draws::logistic(x)
}

/// ln(1 + e^x), without overflow.
fn softplus(x: f64) -> f64 {
    x.max(0.0) + libm::log1p(libm::exp(-x.abs()))
}
