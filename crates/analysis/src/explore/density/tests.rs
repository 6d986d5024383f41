use std::sync::Arc;

use ndarray::{array, s};
use proptest::prelude::*;
use rand::SeedableRng as _;

use super::{fit::latent_originality, walk::DensityWalk, *};

fn seeded() -> StdRng {
    StdRng::seed_from_u64(3)
}

/// Two classes of `count` vectors each, around (0, 0, 0) and (20, 0, 0), varying in their second dimension.
fn two_kinds(count: usize) -> Density {
    let vectors = Array2::from_shape_fn((2 * count, 3), |(row, dimension)| match dimension {
        0 => 20.0 * (row / count) as f32,
        1 => (row % count) as f32 * 0.1,
        _ => 0.0,
    });
    let classes = (0..2 * count).map(|row| row / count).collect();
    Density::new(vectors, classes, 1.0).unwrap()
}

#[test]
fn draws_stay_with_their_class_and_vary_as_its_recordings_do() {
    let density = two_kinds(30);
    let mut random = seeded();
    for class in [0, 1] {
        for _ in 0..200 {
            let drawn = density.draw(Some(class), 1.0, &mut random).unwrap();
            // The mean is at 10: the contrast moves away from it, as far as recordings of the class go.
            let expected = if class == 0 { -0.1 } else { 20.1 };
            assert!((drawn[0] - expected).abs() < 0.15, "{drawn}");
            assert_eq!(drawn[2], 0.0, "no recording differs there");
        }
    }
    assert!(density.draw(Some(7), 1.0, &mut random).is_none(), "a class without recordings");
}

#[test]
fn without_temperature_a_draw_is_a_recording_and_one_seed_draws_the_same() {
    let density = two_kinds(10);
    let drawn = density.draw(None, 0.0, &mut seeded()).unwrap();
    assert!(density.data().vectors().outer_iter().any(|vector| vector == drawn), "{drawn}");
    let draws = |seed| density.draw(None, 1.0, &mut StdRng::seed_from_u64(seed)).unwrap();
    assert_eq!(draws(5), draws(5));
    assert_ne!(draws(5), draws(6));
}

#[test]
fn recordings_are_typical_and_strange_places_are_not() {
    let density = two_kinds(30);
    let at = |place: Array1<f32>| density.percentile(&place).unwrap();
    assert!(at(array![0.0, 1.5, 0.0]) <= 10.0);
    assert_eq!(at(array![10.0, 1.5, 0.0]), 100.0, "between both kinds");
    assert_eq!(at(array![0.0, 1.5, 9.0]), 100.0, "where no recording is");
    assert_eq!(density.percentile(&array![0.0]), None, "another size");
    // Vectors at the ends of the line have neighbours on one side only.
    assert!(at(array![0.0, 0.0, 0.0]) > at(array![0.0, 1.5, 0.0]));
}

#[test]
fn distances_are_those_of_the_nearest() {
    let density = two_kinds(30);
    assert!((density.typical_distance().unwrap() - 0.1).abs() < 1e-6);
    let lone = Density::new(array![[1.0, 2.0]], vec![0], 0.5).unwrap();
    assert_eq!((lone.typical_distance(), lone.percentile(&array![1.0, 2.0])), (None, None));
    let drawn = lone.draw(None, 1.0, &mut seeded()).unwrap();
    assert!(drawn != array![1.0, 2.0] && drawn.iter().all(|value| (value - 1.5).abs() < 4.0), "{drawn}");
}

#[test]
fn what_nothing_can_be_drawn_from_is_none() {
    assert!(Density::new(Array2::zeros((0, 4)), Vec::new(), 1.0).is_none());
    assert!(Density::new(Array2::zeros((4, 0)), Vec::new(), 1.0).is_none());
    assert!(Density::new(array![[f32::NAN]], vec![0], 1.0).is_none());
    assert!(Density::new(array![[1.0]], vec![0], -1.0).is_none());
    assert!(Density::new(array![[1.0]], vec![0], f32::INFINITY).is_none());
}

#[test]
fn the_bandwidth_is_the_least_that_is_original_enough() {
    let mut random = seeded();
    let vectors = Array2::from_shape_simple_fn((200, 8), || StandardNormal.sample(&mut random));
    let density = Density::fit_to_vectors(vectors.clone(), vec![0; 200]).unwrap();
    let originality = |density: &Density| {
        let mut random = seeded();
        let draws: Vec<_> = (0..200).map(|_| density.draw(None, 1.0, &mut random).unwrap()).collect();
        latent_originality(density, &crate::explore::travel::rows(&draws).unwrap())
    };
    let found = originality(&density);
    assert!((0.85..1.05).contains(&found), "{found}");
    let half = density.bandwidth() / 2.0;
    assert!(originality(&density.with_bandwidth(half).unwrap()) < 0.85);
    let copies = Density::fit_to_vectors(Array2::ones((5, 3)), Vec::new()).unwrap();
    assert_eq!(copies.draw(None, 1.0, &mut seeded()).unwrap(), array![1.0, 1.0, 1.0], "there is only one");
    let error = Density::fit(vectors, Vec::new(), 4, 0.9, |_| Err("no image")).unwrap_err();
    assert_eq!(error, "no image");
}

#[test]
fn draws_and_walks_stay_where_recordings_usually_are_whatever_the_bandwidth() {
    let mut random = seeded();
    // A barely trained model: 16 dimensions without structure, and the bandwidth at its limit.
    let vectors = Array2::from_shape_simple_fn((120, 16), || StandardNormal.sample(&mut random));
    let density = Density::new(vectors, Vec::new(), 3.0).unwrap();
    let percentile = |place: &Array1<f32>| density.percentile(place).unwrap();
    let draws: Vec<Array1<f32>> = (0..100).map(|_| density.draw(None, 1.0, &mut random).unwrap()).collect();
    let usual = draws.iter().filter(|drawn| percentile(drawn) < USUAL_PERCENT).count();
    assert!(usual >= 70, "{usual} of 100: a quarter of the recordings themselves is more surprising");
    assert!(draws.iter().all(|drawn| density.data().nearest(drawn, 1)[0].distance > 0.1), "no copies");
    let hot: Vec<f64> =
        (0..100).map(|_| percentile(&density.draw(None, 2.0, &mut random).unwrap())).collect();
    assert!(hot.iter().filter(|hot| **hot >= USUAL_PERCENT).count() > 50, "heat leads farther");
    let start = density.data().vectors().row(0).to_owned();
    let mut walk = DensityWalk::new(Arc::new(density.clone()), &start, seeded()).unwrap();
    let usual = (0..200).filter(|_| percentile(&walk.step(0.3)) < USUAL_PERCENT).count();
    assert!(usual >= 120, "{usual} of 200 steps");
}

#[test]
fn a_walk_begins_where_it_is_and_ends_where_recordings_are() {
    let density = Arc::new(two_kinds(30));
    let start = array![10.0, 1.5, 3.0];
    let mut walk = DensityWalk::new(Arc::clone(&density), &start, seeded()).unwrap();
    assert!((&walk.step(0.0) - &start).iter().all(|difference| difference.abs() < 1e-5));
    let places: Vec<Array1<f32>> = (0..300).map(|_| walk.step(0.3)).collect();
    assert!(places.iter().skip(100).all(|place| place[2].abs() < 0.05), "the start is forgotten");
    assert!(places.windows(2).any(|pair| pair[0] != pair[1]));
    assert!(DensityWalk::new(density, &array![1.0], seeded()).is_none(), "another size");
}

proptest! {
    // Each case takes a thousand draws to find its bandwidth.
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn draws_of_any_set_of_vectors_are_finite(
        rows in 1..25_usize, dimensions in 1..6_usize, seed in any::<u64>(), scale in 0.0_f32..1e4, temperature in 0.0_f32..3.0,
    ) {
        let mut random = StdRng::seed_from_u64(seed);
        let mut vectors = Array2::<f32>::from_shape_simple_fn((rows, dimensions), || {
            let value: f32 = StandardNormal.sample(&mut random);
            scale * value
        });
        // Some duplicate recordings, and a constant dimension.
        if rows > 2 {
            let first = vectors.row(0).to_owned();
            vectors.row_mut(1).assign(&first);
        }
        vectors.slice_mut(s![.., 0]).fill(0.5);
        let classes = (0..rows).map(|row| row % 3).collect();
        let density = Density::fit_to_vectors(vectors, classes).unwrap();
        let drawn = density.draw(Some(0), temperature, &mut random).unwrap();
        prop_assert!(drawn.len() == dimensions && drawn.iter().all(|value| value.is_finite()));
        let percentile = density.percentile(&drawn);
        prop_assert!(percentile.is_none_or(|percentile| (0.0..=100.0).contains(&percentile)));
        prop_assert_eq!(percentile.is_some(), rows > 1);
    }
}
