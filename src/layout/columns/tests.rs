use super::*;
use proptest::prelude::*;

fn width_of(plan: &[Place], column: Column) -> Option<u16> {
    plan.iter().find(|p| p.column == column).map(|p| p.width)
}

fn stand_of(columns: Columns, column: Column) -> Stand {
    let at = Column::CHOSEN.iter().position(|c| *c == column).expect("a column");
    columns.stands()[at]
}

#[test]
fn columns_leave_in_order_and_never_overlap() {
    for width in 0..=400 {
        let plan = Columns::of(width).page(0);
        let mut x = MARKER;
        for place in &plan {
            assert!(place.x >= x, "{place:?} at {width}");
            x = place.x + place.width;
            assert!(x <= width, "{place:?} at {width}");
        }
    }
}

#[test]
fn every_column_is_on_a_page() {
    let all = (30..=400).map(Columns::of).chain((30..=400).map(Columns::bare));
    for columns in all.flat_map(|c| [0, 15, 80].map(|names| c.for_names(names))) {
        let pages = columns.pages();
        let rows = columns.around == Around::Rows;
        let from = usize::from(rows);
        let mut seen: Vec<Column> = Vec::new();
        for page in from..pages {
            let places = columns.page(page);
            assert_eq!(places.first().map(|p| p.column), Some(Column::Name), "{columns:?}");
            let last = places.last().expect("columns");
            assert!(last.x + last.width <= columns.width, "{columns:?} page {page}");
            seen.extend(places.iter().skip(1).map(|p| p.column));
        }
        if rows {
            seen.extend([Column::Auto, Column::Resets]);
        }
        for (column, ..) in ORDER.iter().skip(1) {
            let count = seen.iter().filter(|c| *c == column).count();
            let beside_its_bar = matches!(column, Column::Percent | Column::Week) && count == 2;
            assert!(count == 1 || beside_its_bar, "{column:?} in {columns:?}");
        }
    }
}

#[test]
fn long_names_leave_the_blank_before_the_wall() {
    for width in 75..=150 {
        let end = |names| Columns::of(width).for_names(names).page(0).last().map_or(0, |p| p.x + p.width);
        assert!(end(80) < width || end(0) == width, "{width}");
    }
}

#[test]
fn what_is_left_out_is_on_no_page() {
    for hidden in Column::CHOSEN {
        let choice = ColumnChoice::default().with(hidden, Wanted::Hidden);
        for columns in (30..=250).flat_map(|w| [Columns::of(w), Columns::bare(w)]) {
            let columns = columns.choosing(choice);
            for page in 0..columns.pages() {
                assert_eq!(width_of(&columns.page(page), hidden), None, "{columns:?}");
            }
        }
    }
}

#[test]
fn the_usual_widths_have_the_sketched_columns() {
    let narrow = Columns::of(78).page(0);
    assert_eq!(width_of(&narrow, Column::Name), Some(13));
    assert_eq!(width_of(&narrow, Column::Priority), Some(3));
    assert_eq!(width_of(&narrow, Column::Week), None);
    let wide = Columns::of(86).page(0);
    assert_eq!(width_of(&wide, Column::Name), Some(12));
    assert!(width_of(&wide, Column::Fallback).is_some() && width_of(&wide, Column::Week).is_some());
    let long = Columns::of(86).for_names(26).page(0);
    assert_eq!((width_of(&long, Column::Name), width_of(&long, Column::Fallback)), (Some(17), None));
    assert!(width_of(&long, Column::Week).is_some());
    let roomy = Columns::of(150).for_names(26).page(0);
    assert!(width_of(&roomy, Column::Pace).is_some() && width_of(&roomy, Column::Fallback).is_some());
    assert_eq!(Columns::of(86).for_names(12).page(0), wide, "names that fit change nothing");
    let widest = Columns::of(150).page(0);
    for column in [Column::Provider, Column::At, Column::Last, Column::WeekBar] {
        assert!(width_of(&widest, column).is_some(), "{column:?}");
    }
    let short = Columns::of(150).for_names(10).for_providers(14).page(0);
    assert_eq!((width_of(&short, Column::Name), width_of(&short, Column::Provider)), (Some(13), Some(14)));
    let shorter = Columns::of(150).for_names(10).for_providers(40).page(0);
    assert_eq!(
        (width_of(&shorter, Column::Name), width_of(&shorter, Column::Provider)),
        (Some(10), Some(17))
    );
    let both = Columns::of(200).for_names(60).for_providers(40).page(0);
    assert_eq!(width_of(&both, Column::Provider), width_of(&Columns::of(200).page(0), Column::Provider));
    // The name has more than the shortest, and the provider is cut behind what tells `anthropic` from `anthropic-compatible`.
    assert_eq!(width_of(&widest, Column::Name), Some(16));
    assert_eq!(width_of(&widest, Column::Provider), Some(11));
}

#[test]
fn what_is_kept_is_on_the_first_page_where_that_has_room_for_it() {
    for column in Column::CHOSEN {
        let choice = ColumnChoice::default().with(column, Wanted::Kept);
        for width in 40..=250 {
            let columns = Columns::of(width).choosing(choice);
            assert_eq!(stand_of(columns, column), Stand::Page(0), "{column:?} at {width}");
        }
    }
    for column in Column::CHOSEN {
        for width in 30..60 {
            let narrow = Columns::bare(width).choosing(ColumnChoice::default().with(column, Wanted::Kept));
            let stand = stand_of(narrow, column);
            let first = [Stand::Page(1), Stand::InPart(1), Stand::Always].contains(&stand);
            assert!(first || (width < 38 && stand == Stand::Nowhere), "{column:?} at {width}: {stand:?}");
        }
    }
    let bar = Columns::of(40).choosing(ColumnChoice::default().with(Column::WeekBar, Wanted::Kept));
    assert_eq!(stand_of(bar, Column::Week), Stand::Page(0), "a bar has its percentage beside it");
}

proptest! {
    #[test]
    fn whatever_is_chosen_every_column_is_where_it_is_wanted(
        width in 30u16..300, boxed: bool, names in 0u16..60, chosen in prop::array::uniform14(0usize..3),
    ) {
        let choice = Column::CHOSEN
            .into_iter()
            .zip(chosen)
            .fold(ColumnChoice::default(), |c, (column, wanted)| c.with(column, Wanted::ALL[wanted]));
        let columns = if boxed { Columns::of(width) } else { Columns::bare(width) };
        let columns = columns.for_names(names).choosing(choice);
        let from = usize::from(columns.around == Around::Rows);
        let mut seen: Vec<Column> = Vec::new();
        for page in from..columns.pages() {
            let places = columns.page(page);
            prop_assert_eq!(places.first().map(|p| p.column), Some(Column::Name));
            let mut x = MARKER;
            for place in &places {
                prop_assert!(place.x >= x, "{place:?} overlaps");
                x = place.x + place.width;
            }
            prop_assert!(x <= width);
            let order: Vec<usize> = places.iter().map(|p| place_of(p.column)).collect();
            prop_assert!(order.is_sorted(), "{places:?}");
            seen.extend(places.iter().skip(1).map(|p| p.column));
        }
        for column in Column::CHOSEN {
            let count = seen.iter().filter(|c| **c == column).count();
            let in_lines = from == 1 && OF_A_LINE.contains(&column);
            let most = if matches!(column, Column::Percent | Column::Week) { 2 } else { 1 };
            if choice.hides(column) || in_lines {
                prop_assert_eq!(count, 0, "{:?}", column);
            } else {
                prop_assert!((1..=most).contains(&count), "{column:?}: {count}");
            }
            let found = match stand_of(columns, column) {
                Stand::Page(page) | Stand::InPart(page) => columns.page(page).iter().any(|p| p.column == column),
                Stand::Always => in_lines,
                Stand::Nowhere => choice.hides(column),
            };
            prop_assert!(found, "{column:?}");
        }
    }
}
