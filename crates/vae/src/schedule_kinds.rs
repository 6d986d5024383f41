//! Kinds of schedules, as settings.

use timbrespace_base::named;

named! {
    /// Schedule of the learning rate, after its warm-up.
    pub enum LearningRateSchedule {
        /// Not at all.
        #[default]
        Constant = "constant", "Constant";
        /// Falls along half a cosine from its full value to the floor at the last epoch (Loshchilov & Hutter 2017, "SGDR",
        /// without restarts).
        Cosine = "cosine", "Cosine", "falls along half a cosine to the floor at the last epoch";
        /// Multiplied by a factor whenever the score has not improved for some epochs, never below the floor.
        Plateau = "plateau", "Plateau", "lowered whenever the score has not improved for some epochs";
    }
}

named! {
    /// Schedule of the KL weight.
    pub enum BetaSchedule {
        /// Not at all.
        #[default]
        Constant = "constant", "Constant";
        /// Rises linearly from zero (Bowman et al. 2016, "Generating Sentences from a Continuous Space").
        WarmUp = "warm-up", "Warm-up", "rises from zero once";
        /// Rises from zero in the first half of every cycle and stays in the second (Fu et al. 2019, "Cyclical Annealing
        /// Schedule").
        Cyclical = "cyclical", "Cyclical", "rises from zero again in every cycle";
    }
}
