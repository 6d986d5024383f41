//! Which way is fastest, and how much longer the others take, in words.

use super::method::LoadingMethod;

/// Medians closer than this, in parts of the smaller, are no difference: so much do epochs of one way differ, too.
pub const EQUAL: f64 = 0.1;

/// A way and its time, compared with the fastest way.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// The way.
    pub way: &'a LoadingMethod,
    /// Median seconds of an epoch.
    pub seconds: f64,
    /// How many times as long as the fastest way it takes; `None` for the fastest, and for a way that is equally fast.
    pub times: Option<f64>,
}

/// All ways by their time, fastest first; `None` unless each has a time by `seconds` and there are at least two.
pub fn standings(
    ways: &[LoadingMethod],
    seconds: impl Fn(&LoadingMethod) -> Option<f64>,
) -> Option<Vec<Standing<'_>>> {
    let timed = ways.iter().map(|way| Some(Standing { way, seconds: seconds(way)?, times: None }));
    let mut all = timed.collect::<Option<Vec<_>>>().filter(|all| all.len() > 1)?;
    all.sort_by(|one, other| one.seconds.total_cmp(&other.seconds));
    let least = all.first()?.seconds;
    for standing in &mut all {
        let times = factor(least, standing.seconds);
        standing.times = Some(times).filter(|times| *times >= 1.0 + EQUAL);
    }
    Some(all)
}

/// Whether another of `ways` has the same name, so that only its threads tell it apart.
pub fn is_named_twice(way: &LoadingMethod, ways: &[LoadingMethod]) -> bool {
    ways.iter().filter(|other| other.name == way.name).count() > 1
}

/// Cached images against on the fly, in this order.
pub(super) fn cached_or_on_the_fly(ways: &[LoadingMethod], cache_seconds: f64) -> String {
    let Some(words) = outcome(ways) else { return String::new() };
    match pays_after(ways, cache_seconds) {
        Some(epochs) => {
            let noun = if epochs == 1 { "epoch" } else { "epochs" };
            let cost = in_words(cache_seconds);
            format!("{words}; writing the cache took {cost} and pays after {epochs} {noun}")
        }
        None => format!("{words}; a cache does not pay"),
    }
}

/// Epochs after which the cache has paid for itself, where it is clearly the faster way.
pub(super) fn pays_after(ways: &[LoadingMethod], cache_seconds: f64) -> Option<u64> {
    let [cached, fly, ..] = ways else { return None };
    let saved = fly.median_seconds - cached.median_seconds;
    let is_faster = factor(cached.median_seconds, fly.median_seconds) >= 1.0 + EQUAL;
    is_faster.then(|| (cache_seconds / saved).ceil().max(1.0) as u64)
}

/// Item by item, in batches on one thread, and in batches on all.
pub(super) fn items_or_batches(ways: &[LoadingMethod]) -> String {
    outcome(ways).unwrap_or_default()
}

/// How many times `least` fits into `seconds`.
fn factor(least: f64, seconds: f64) -> f64 {
    seconds / least.max(f64::MIN_POSITIVE)
}

fn outcome(ways: &[LoadingMethod]) -> Option<String> {
    let warm = compared(&standings(ways, |way| Some(way.median_seconds))?, ways);
    let cold = standings(ways, |way| way.cold_median_seconds).map(|cold| compared(&cold, ways));
    Some(cold.map_or_else(|| warm.clone(), |cold| format!("{warm}; with cold files, {cold}")))
}

/// The comparison of one kind of epochs.
fn compared(standings: &[Standing<'_>], ways: &[LoadingMethod]) -> String {
    let Some((fastest, others)) = standings.split_first() else { return String::new() };
    if others.iter().all(|other| other.times.is_none()) {
        let each: Vec<String> = standings
            .iter()
            .map(|standing| format!("{} {}", name(standing.way, ways), in_words(standing.seconds)))
            .collect();
        return format!("all are equally fast: an epoch takes {}", each.join(", "));
    }
    let degree = if others.len() == 1 { "faster" } else { "fastest" };
    let mut words = vec![format!(
        "{} is {degree}: an epoch takes {}",
        name(fastest.way, ways),
        in_words(fastest.seconds)
    )];
    words.extend(others.iter().map(|other| {
        let (name, secs) = (name(other.way, ways), in_words(other.seconds));
        match other.times {
            Some(times) => format!("{name} takes {times:.1} times as long ({secs})"),
            None => format!("{name} is equally fast ({secs})"),
        }
    }));
    words.join(", ")
}

fn name(way: &LoadingMethod, ways: &[LoadingMethod]) -> String {
    match way.threads {
        _ if !is_named_twice(way, ways) => way.name.clone(),
        1 => format!("{} on one thread", way.name),
        threads => format!("{} on {threads} threads", way.name),
    }
}

fn in_words(secs: f64) -> String {
    if secs < 1.0 { format!("{:.1} ms", secs * 1e3) } else { format!("{secs:.2} s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(name: &str, threads: usize, seconds: &[f64], cold: &[f64]) -> LoadingMethod {
        let mut way = LoadingMethod {
            name: name.to_owned(),
            threads,
            seconds_per_epoch: seconds.to_vec(),
            cold_seconds_per_epoch: cold.to_vec(),
            ..LoadingMethod::default()
        };
        way.sum_up(100);
        way
    }

    fn three([items, single, batches]: [f64; 3]) -> [LoadingMethod; 3] {
        [
            way("item by item", 1, &[items], &[]),
            way("in batches", 1, &[single], &[]),
            way("in batches", 4, &[batches], &[]),
        ]
    }

    #[test]
    fn the_fastest_is_named_with_its_lead_and_what_the_cache_costs() {
        let ways =
            [way("cached .npy", 4, &[9.0, 1.0, 1.0], &[2.0]), way("on the fly", 4, &[4.0, 3.0, 3.0], &[3.0])];
        assert_eq!(
            cached_or_on_the_fly(&ways, 5.0),
            "cached .npy is faster: an epoch takes 1.00 s, on the fly takes 3.0 times as long (3.00 s); with cold files, \
             cached .npy is faster: an epoch takes 2.00 s, on the fly takes 1.5 times as long (3.00 s); writing the cache \
             took 5.00 s and pays after 3 epochs"
        );
        assert_eq!(pays_after(&ways, 5.0), Some(3));
    }

    #[test]
    fn a_cache_that_is_slower_does_not_pay() {
        let ways = [way("cached .npy", 4, &[2.0], &[]), way("on the fly", 4, &[0.5], &[])];
        assert_eq!(
            cached_or_on_the_fly(&ways, 5.0),
            "on the fly is faster: an epoch takes 500.0 ms, cached .npy takes 4.0 times as long (2.00 s); a cache does not pay"
        );
        assert_eq!(pays_after(&ways, 5.0), None);
    }

    #[test]
    fn the_way_that_wins_with_cold_files_is_named_where_another_wins_with_warm_ones() {
        let ways = [way("cached .npy", 4, &[1.0], &[4.0]), way("on the fly", 4, &[1.3], &[2.0])];
        let words = cached_or_on_the_fly(&ways, 1.0);
        assert!(words.starts_with("cached .npy is faster"), "{words}");
        assert!(words.contains("with cold files, on the fly is faster: an epoch takes 2.00 s"), "{words}");
        assert!(words.contains("cached .npy takes 2.0 times as long (4.00 s)"), "{words}");
    }

    #[test]
    fn a_difference_within_the_spread_of_epochs_has_no_winner() {
        assert_eq!(
            items_or_batches(&three([1.0, 1.02, 1.09])),
            "all are equally fast: an epoch takes item by item 1.00 s, in batches on one thread 1.02 s, in batches on 4 \
             threads 1.09 s"
        );
    }

    #[test]
    fn one_thread_may_be_fastest_and_a_way_as_fast_as_it_is_said_to_be() {
        assert_eq!(
            items_or_batches(&three([0.161, 0.138, 0.2708])),
            "in batches on one thread is fastest: an epoch takes 138.0 ms, item by item takes 1.2 times as long (161.0 ms), \
             in batches on 4 threads takes 2.0 times as long (270.8 ms)"
        );
        let words = items_or_batches(&three([4.0, 1.05, 1.0]));
        assert!(words.contains("in batches on one thread is equally fast (1.05 s)"), "{words}");
    }

    #[test]
    fn in_every_order_the_least_time_is_named_first_and_no_factor_is_below_one() {
        let times = [0.5, 0.52, 1.0, 3.0];
        let pick = |place: usize| times[place % times.len()];
        let all = (0..times.len().pow(3)).map(|place| [pick(place), pick(place / 4), pick(place / 16)]);
        for each in all {
            let ways = three(each);
            let ranks = standings(&ways, |way| Some(way.median_seconds)).unwrap();
            let least = each.iter().copied().fold(f64::INFINITY, f64::min);
            assert_eq!(ranks[0].seconds, least);
            assert!(ranks.iter().filter_map(|rank| rank.times).all(|times| times >= 1.0 + EQUAL), "{each:?}");
            let words = items_or_batches(&ways);
            for rank in &ranks {
                assert!(words.contains(&name(rank.way, &ways)), "{each:?}: {words}");
                assert!(words.contains(&in_words(rank.seconds)), "{each:?}: {words}");
            }
            let is_equal = ranks.iter().all(|rank| rank.times.is_none());
            assert_eq!(words.starts_with("all are equally fast"), is_equal, "{each:?}: {words}");
            assert!(is_equal || words.starts_with(&name(ranks[0].way, &ways)), "{each:?}: {words}");
        }
    }
}
