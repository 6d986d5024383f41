//! The lasso: which points lie inside a polygon.

/// Whether `place` is inside the closed polygon `corners`, by the even-odd rule.
pub fn encloses(corners: &[[f32; 2]], place: [f32; 2]) -> bool {
    let Some(mut before) = corners.last().copied() else { return false };
    let mut inside = false;
    for &corner in corners {
        let crosses = (corner[1] > place[1]) != (before[1] > place[1]);
        if crosses {
            let x = before[0] + (place[1] - before[1]) / (corner[1] - before[1]) * (corner[0] - before[0]);
            inside ^= place[0] < x;
        }
        before = corner;
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bent_loop_encloses_what_is_in_it_and_not_what_is_in_its_bay() {
        let loop_ = [[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [2.0, 1.0], [0.0, 4.0]];
        assert!(encloses(&loop_, [1.0, 1.0]) && encloses(&loop_, [3.5, 3.0]));
        assert!(!encloses(&loop_, [2.0, 3.0]), "in the bay");
        assert!(!encloses(&loop_, [-1.0, 0.5]) && !encloses(&loop_, [5.0, 1.0]));
        assert!(!encloses(&[], [0.0, 0.0]));
    }
}
