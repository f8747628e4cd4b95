//! Dates as Excel counts them, days since 1900 or 1904, as text. Used by the readers of Excel's
//! formats.

use super::formats::Shows;
use crate::model::grid::Content;

/// Seconds of a day.
const DAY: i64 = 86_400;
/// Days that the count from 1904 lags behind the one from 1900.
const LAG_OF_1904: i64 = 1_462;
/// The day after 9999-12-31, the last that Excel shows.
const END: f64 = 2_958_466.0;

/// The content of a cell that shows the number `serial` as a date: `2019-01-31`,
/// `2019-01-31 08:30:00`, or for a time alone `08:30:00`.
pub(super) fn content(serial: f64, shows: Shows, from_1904: bool) -> Content {
    let text = match shows {
        _ if !(0.0..END).contains(&serial) => format!("{serial}"),
        Shows::Elapsed => clock(seconds(serial)),
        _ => moment(seconds(serial), from_1904),
    };
    Content::Date {
        text,
        serial: Some(serial),
    }
}

/// A serial number in whole seconds: dates are shown no finer, and `fract` alone would turn
/// 08:30 into 08:29:59.
#[expect(
    clippy::float_arithmetic,
    clippy::cast_possible_truncation,
    reason = "a serial number below 9999-12-31 is exact in seconds and fits an i64"
)]
fn seconds(serial: f64) -> i64 {
    (serial * 86_400.0).round() as i64
}

/// Hours, minutes, seconds; hours may exceed a day.
fn clock(seconds: i64) -> String {
    format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// The date and, where it is not midnight, the time.
fn moment(seconds: i64, from_1904: bool) -> String {
    let (mut day, time) = (seconds / DAY, seconds % DAY);
    if from_1904 {
        day += LAG_OF_1904;
    }
    if day == 0 && !from_1904 {
        return clock(time);
    }
    let (year, month, day) = match day {
        // Excel believes that 1900 was a leap year; its day 60 never was.
        60 => (1900, 2, 29),
        day if day < 60 => civil(day - 25_568),
        day => civil(day - 25_569),
    };
    let date = format!("{year:04}-{month:02}-{day:02}");
    match time {
        0 => date,
        time => format!("{date} {}", clock(time)),
    }
}

/// Year, month and day of a count of days since 1970-01-01 (Howard Hinnant's algorithm: years
/// begin in March, eras have 400 years).
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(serial: f64, shows: Shows, from_1904: bool) -> String {
        match content(serial, shows, from_1904) {
            Content::Date { text, .. } => text,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn serial_numbers_are_the_days_that_excel_shows() {
        for (serial, shown) in [
            (1.0, "1900-01-01"),
            (59.0, "1900-02-28"),
            (60.0, "1900-02-29"),
            (61.0, "1900-03-01"),
            (43_466.0, "2019-01-01"),
            (43_496.354_166_666_664, "2019-01-31 08:30:00"),
            (45_351.0, "2024-02-29"),
            (2_958_465.0, "9999-12-31"),
            (0.354_166_666_666_666_7, "08:30:00"),
            (0.0, "00:00:00"),
            (-1.0, "-1"),
        ] {
            assert_eq!(text(serial, Shows::Date, false), shown);
        }
        assert_eq!(text(42_004.0, Shows::Date, true), "2019-01-01");
        assert_eq!(text(1.5, Shows::Elapsed, false), "36:00:00");
    }
}
