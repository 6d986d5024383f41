//! Which way won, and by how much, in words.

use super::method::LoadingMethod;

/// Medians closer than this, in parts of the smaller, are no difference: so much do epochs of one way differ, too.
pub const EQUAL: f64 = 0.05;

/// Cached images against on the fly, in this order.
pub(super) fn cached_or_on_the_fly(ways: &[LoadingMethod], cache_seconds: f64) -> String {
    let [cached, fly, ..] = ways else { return String::new() };
    let words = outcome(cached, fly);
    match pays_after(ways, cache_seconds) {
        Some(epochs) => {
            let noun = if epochs == 1 { "epoch" } else { "epochs" };
            let cost = seconds(cache_seconds);
            format!("{words}; writing the cache took {cost} and pays after {epochs} {noun}")
        }
        None => format!("{words}; a cache does not pay"),
    }
}

/// Epochs after which the cache has paid for itself, where it is clearly the faster way.
pub(super) fn pays_after(ways: &[LoadingMethod], cache_seconds: f64) -> Option<u64> {
    let [cached, fly, ..] = ways else { return None };
    let saved = fly.median_seconds - cached.median_seconds;
    (factor(cached, fly) > 1.0 + EQUAL).then(|| (cache_seconds / saved).ceil().max(1.0) as u64)
}

/// Item by item, in batches on one thread, and in batches on all, in this order.
pub(super) fn items_or_batches(ways: &[LoadingMethod]) -> String {
    match ways {
        [items, batches] => outcome(items, batches),
        [items, single, batches, ..] => format!(
            "{}; of that, batches on one thread give a factor of {:.2}, the threads the rest",
            outcome(items, batches),
            factor(single, items)
        ),
        _ => String::new(),
    }
}

/// How many times longer `other` takes than `one`.
fn factor(one: &LoadingMethod, other: &LoadingMethod) -> f64 {
    other.median_seconds / one.median_seconds.max(f64::MIN_POSITIVE)
}

fn outcome(one: &LoadingMethod, other: &LoadingMethod) -> String {
    let (winner, loser) =
        if one.median_seconds <= other.median_seconds { (one, other) } else { (other, one) };
    let times = factor(winner, loser);
    let words = if times < 1.0 + EQUAL {
        format!(
            "no clear winner: an epoch takes {} {} and {} {}",
            seconds(one.median_seconds),
            one.name,
            seconds(other.median_seconds),
            other.name
        )
    } else {
        format!(
            "{} wins: an epoch takes {} instead of {} {}, {times:.1} times faster",
            winner.name,
            seconds(winner.median_seconds),
            seconds(loser.median_seconds),
            loser.name
        )
    };
    let (Some(first), Some(second)) = (winner.cold_median_seconds, loser.cold_median_seconds) else {
        return words;
    };
    let other = second / first.max(f64::MIN_POSITIVE);
    let than = if other >= 1.0 {
        format!("{other:.1} times faster")
    } else {
        format!("{:.1} times slower", 1.0 / other)
    };
    format!("{words} (cold: {} instead of {}, {than})", seconds(first), seconds(second))
}

fn seconds(secs: f64) -> String {
    if secs < 1.0 { format!("{:.1} ms", secs * 1e3) } else { format!("{secs:.2} s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(name: &str, seconds: &[f64], cold: &[f64]) -> LoadingMethod {
        let mut way = LoadingMethod {
            name: name.to_owned(),
            seconds_per_epoch: seconds.to_vec(),
            cold_seconds_per_epoch: cold.to_vec(),
            ..LoadingMethod::default()
        };
        way.sum_up(100);
        way
    }

    #[test]
    fn the_winner_is_named_with_its_factor_and_what_the_cache_costs() {
        let ways =
            [way("cached .npy", &[9.0, 1.0, 1.0], &[2.0]), way("on the fly", &[4.0, 3.0, 3.0], &[3.0])];
        assert_eq!(
            cached_or_on_the_fly(&ways, 5.0),
            "cached .npy wins: an epoch takes 1.00 s instead of 3.00 s on the fly, 3.0 times faster (cold: 2.00 s instead \
             of 3.00 s, 1.5 times faster); writing the cache took 5.00 s and pays after 3 epochs"
        );
        assert_eq!(pays_after(&ways, 5.0), Some(3));
    }

    #[test]
    fn a_cache_that_is_slower_does_not_pay() {
        let ways = [way("cached .npy", &[2.0], &[]), way("on the fly", &[0.5], &[])];
        let words = cached_or_on_the_fly(&ways, 5.0);
        assert_eq!(
            words,
            "on the fly wins: an epoch takes 500.0 ms instead of 2.00 s cached .npy, 4.0 times faster; a cache does not pay"
        );
        assert_eq!(pays_after(&ways, 5.0), None);
    }

    #[test]
    fn a_difference_within_the_spread_of_epochs_has_no_winner() {
        let ways = [way("item by item", &[1.0], &[]), way("in batches", &[1.02], &[])];
        assert!(items_or_batches(&ways).starts_with("no clear winner"), "{}", items_or_batches(&ways));
    }

    #[test]
    fn threads_and_batches_are_told_apart() {
        let ways = [
            way("item by item", &[4.0], &[]),
            way("in batches", &[3.2], &[]),
            way("in batches", &[1.0], &[]),
        ];
        let words = items_or_batches(&ways);
        assert!(words.starts_with("in batches wins: an epoch takes 1.00 s instead of 4.00 s"), "{words}");
        assert!(
            words.ends_with("batches on one thread give a factor of 1.25, the threads the rest"),
            "{words}"
        );
    }
}
