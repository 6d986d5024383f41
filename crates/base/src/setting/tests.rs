use serde_json::json;

use super::*;
use crate::{named, sentence, settings};

named! {
    /// How it moves.
    pub enum Gait {
        /// On two feet.
        #[default]
        Walk = "walk", "Walking";
        /// Faster.
        Run = "run", "Running", "Both feet in the air";
    }
}

named! {
    /// Gears.
    pub enum Gear is usize {
        /// Low.
        #[default]
        First = "first", "First", "slow" => 1;
        /// High.
        Second = "second", "Second", "fast" => 2;
    }
}

settings! {
    /// Settings of a part.
    pub struct Pause, PauseChoices, PauseTable, PAUSE {
        /// Seconds of a pause
        pause_secs: f64 = 2.0, .label("Pause").flag("pause").from_to(0.0, 60.0).unit(Unit::Seconds);
    }
}

settings! {
    /// Settings of a walk.
    pub struct Walk, WalkChoices, WalkTable, WALK {
        /// Steps
        /// in all
        steps: usize = 20, .label("Steps").flag("steps").count(1, 1000).unit(Unit::Steps);
        /// How
        gait: Gait = Gait::Walk, .label("Gait").flag("the-gait").value("GAIT");
        /// Seed
        seed: u64 = 0, .label("Seed").flag("seed");
        /// When it ends
        end: Option<usize> = None, .label("End").flag("end").count(1, 10).or_zero("never");
        /// Its name
        title: Option<String> = None, .label("Title"), #[serde(skip_serializing_if = "Option::is_none")];
        nested {
            /// Pauses
            pause: Pause, PauseChoices;
        }
    }
}

fn chosen(flags: &[(&str, &str)]) -> Result<WalkChoices, String> {
    let mut chosen = WalkChoices::default();
    for (flag, text) in flags {
        assert!(chosen.take_flag(flag, text)?, "{flag}");
    }
    Ok(chosen)
}

#[test]
fn a_line_of_the_table_is_field_default_flag_and_help() {
    assert_eq!(WALK.steps.help, "Steps in all");
    assert_eq!(WALK.gait.value_name(), "GAIT");
    assert_eq!(WALK.steps.value_name(), "STEPS");
    let names: Vec<&str> = Walk::table().iter().map(|setting| setting.name).collect();
    assert_eq!(names, ["steps", "gait", "seed", "end", "title", "pause_secs"]);
    assert_eq!(Walk::names(), ["steps", "gait", "seed", "end", "title", "pause"]);
    let flags = [("steps", "7"), ("the-gait", "run"), ("end", "0"), ("pause", "1.5")];
    let walk = chosen(&flags).unwrap().over(&Walk { end: Some(3), seed: 5, ..Walk::default() });
    let expected =
        Walk { steps: 7, gait: Gait::Run, seed: 5, end: None, title: None, pause: Pause { pause_secs: 1.5 } };
    assert_eq!(walk, expected);
    assert!(!WalkChoices::default().take_flag("step", "7").unwrap());
}

#[test]
fn what_is_beyond_its_limits_is_named_with_them() {
    assert_eq!(chosen(&[("steps", "0")]).unwrap_err(), "it must be a whole number from 1 to 1000 steps");
    assert_eq!(chosen(&[("steps", "1.5")]).unwrap_err(), "it must be a whole number from 1 to 1000 steps");
    assert_eq!(chosen(&[("pause", "NaN")]).unwrap_err(), "it must be from 0 to 60 s");
    assert_eq!(chosen(&[("the-gait", "fly")]).unwrap_err(), "it must be one of walk, run");
    let wrong = |walk: Walk| walk.check_each().unwrap_err().to_string();
    assert_eq!(
        wrong(Walk { steps: 1001, ..Walk::default() }),
        "--steps is 1001, but must be from 1 to 1000 steps"
    );
    let pause = Pause { pause_secs: 61.0 };
    assert_eq!(wrong(Walk { pause, ..Walk::default() }), "--pause is 61, but must be from 0 to 60 s");
    let misfit = PAUSE.pause_secs.misfit(1, sentence!("", "longer than --steps"));
    assert_eq!(misfit.in_form(&Walk::table()), "Pause is 1, but must be longer than Steps");
    assert_eq!(misfit.beside("pause_secs"), "it is 1, but must be longer than --steps");
    assert_eq!(misfit.beside("pause"), "pause_secs is 1, but must be longer than --steps");
}

#[test]
fn ends_of_limits_count_or_do_not() {
    let setting = || Setting::new::<f64>("x", "");
    let allowed = |setting: Setting| [0.0, 0.5, 1.0, f64::NAN].map(|value| setting.allows(value));
    assert_eq!(allowed(setting().from_to(0.0, 1.0)), [true, true, true, false]);
    assert_eq!(allowed(setting().above(0.0, 1.0)), [false, true, true, false]);
    assert_eq!(allowed(setting().below(0.0, 1.0)), [true, true, false, false]);
    assert_eq!(allowed(setting().between(0.0, 1.0)), [false, true, false, false]);
    assert_eq!(setting().between(1e-9, 1e9).limits_words(), "above 1e-9 and below 1e9");
    assert_eq!(setting().below(-0.5, 1000.0).limits_words(), "at least -0.5 and below 1000");
}

#[test]
fn newer_choices_win_and_the_rest_stays() {
    let older = chosen(&[("steps", "7"), ("pause", "1")]).unwrap();
    let both = older.clone().and(&chosen(&[("steps", "8"), ("seed", "9")]).unwrap());
    assert_eq!(both, chosen(&[("steps", "8"), ("seed", "9"), ("pause", "1")]).unwrap());
    assert!(!older.is_empty() && WalkChoices::default().is_empty());
    let walk = Walk { steps: 3, ..Walk::default() };
    assert_eq!(WalkChoices::all(&walk).over(&both.over(&Walk::default())), walk);
    let differences: Vec<_> = walk.differences(&both.over(&Walk::default()));
    let words: Vec<_> = differences
        .iter()
        .map(|d| (d.setting.name, d.ours.typed.as_str(), d.theirs.typed.as_str()))
        .collect();
    assert_eq!(words, [("steps", "3", "8"), ("seed", "0", "9"), ("pause_secs", "2", "1")]);
}

#[test]
fn files_hold_what_was_chosen_and_give_it_back() {
    let walk = Walk { seed: u64::MAX, gait: Gait::Run, ..Walk::default() };
    let file = serde_json::to_value(WalkChoices::all(&walk)).unwrap();
    let expected = json!({
        "steps": 20, "gait": "run", "seed": "18446744073709551615", "end": "none", "pause": { "pause_secs": 2.0 }
    });
    assert_eq!(file, expected, "an absent text is left out");
    let mut read = WalkChoices::default();
    for (name, value) in file.as_object().unwrap() {
        if *value == json!("none") {
            assert!(read.take_none(name));
        } else {
            assert!(read.take_field(name, value).unwrap(), "{name}");
        }
    }
    assert_eq!(read.over(&Walk { end: Some(2), title: None, ..Walk::default() }), walk);
    assert!(!read.take_none("title"), "any word may be a title");
    assert!(!read.take_field("step", json!(1)).unwrap());
    assert!(read.take_field("steps", json!("many")).unwrap_err().to_string().contains("many"));
    let unknown = read.take_field("pause", json!({ "secs": 1 })).unwrap_err().to_string();
    assert!(unknown.contains("pause_secs"), "{unknown}");
    read.take_field("steps", json!(5000)).unwrap();
    assert_eq!(read.check().unwrap_err().beside("steps"), "it is 5000, but must be from 1 to 1000 steps");
}

#[test]
fn help_tells_of_named_values_and_of_absent_ones() {
    let words = |setting: &Setting| setting.help_words(|name| format!("`{}`", name.word));
    assert_eq!(words(&WALK.gait), "How. `run`: Both feet in the air");
    assert_eq!(words(&WALK.end), "When it ends; 0 for never");
    assert_eq!(words(&WALK.steps), "Steps in all");
    assert_eq!(WALK.gait.tooltip(), "How. Running: Both feet in the air");
    assert_eq!(WALK.steps.tooltip(), "Steps in all; from 1 to 1,000 steps");
    assert_eq!(WALK.seed.tooltip(), "Seed");
    let part = Setting::new::<f64>("part", "Part").from_to(0.0, 0.5).unit(Unit::Fraction);
    assert_eq!(part.tooltip(), "Part; from 0 to 50 %");
}

#[test]
fn defaults_are_told_for_the_first_case_and_where_others_differ() {
    let walk = |steps, gait| Walk { steps, gait, ..Walk::default() }.rows();
    let cases = [("walk", walk(5, Gait::Walk)), ("run", walk(9, Gait::Run)), ("flee", walk(9, Gait::Run))]
        .map(|(name, rows)| (name.to_owned(), rows));
    let words = |setting| default_words(setting, &cases);
    assert_eq!(words(&WALK.steps).as_deref(), Some("5 steps; run, flee: 9 steps"));
    assert_eq!(words(&WALK.gait).as_deref(), Some("walk; flee: run"));
    assert_eq!(words(&WALK.end).as_deref(), Some("never"));
    assert_eq!(words(&WALK.title), None);
}

#[test]
fn a_named_value_may_bring_facts() {
    assert_eq!(Gear::ALL.iter().map(|gear| gear.facts()).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn rows_are_typed_and_read() {
    let rows = Walk { gait: Gait::Run, ..Walk::default() }.rows();
    let words: Vec<_> = rows.iter().map(|row| (row.typed.as_str(), row.words.as_str())).collect();
    assert_eq!(
        words,
        [("20", "20 steps"), ("run", "run"), ("0", "0"), ("none", "never"), ("none", "none"), ("2", "2 s")]
    );
    assert_eq!(Gait::Run.called().label, "Running");
    assert_eq!(Gait::of_word("walk"), Some(Gait::Walk));
}

/// A place where `serde` is not the crate, as in a crate that does not depend on it.
mod without_serde {
    use crate::{named, settings};

    mod serde {}

    named! {
        /// Sides.
        pub enum Side {
            /// Left.
            #[default]
            Left = "left", "Left";
            /// Right.
            Right = "right", "Right";
        }
    }

    settings! {
        /// Settings of a turn.
        pub struct Turn, TurnChoices, TurnTable, TURN {
            /// Where to
            side: Side = Side::Left, .label("Side").flag("side");
        }
    }
}

#[test]
fn settings_need_no_serde_of_their_crate() {
    let turn: without_serde::Turn = serde_json::from_value(json!({"side": "right"})).unwrap();
    assert_eq!(turn.side, without_serde::Side::Right);
    assert_eq!(serde_json::to_value(turn).unwrap(), json!({"side": "right"}));
    assert_eq!(without_serde::TURN.side.label, "Side");
    assert!(without_serde::TurnChoices::default().is_empty());
}

#[test]
fn settings_that_are_not_in_use_are_not_checked() {
    let walk = Walk { steps: 0, pause: Pause { pause_secs: -1.0 }, ..Walk::default() };
    let first = |is_in_use: &dyn Fn(&Setting) -> bool| {
        walk.check_those(is_in_use).err().map(|misfit| misfit.setting.name)
    };
    assert_eq!(first(&|_| true), Some("steps"));
    assert_eq!(first(&|setting| setting.name != "steps"), Some("pause_secs"));
    assert_eq!(first(&|setting| setting.name == "seed"), None);
}
