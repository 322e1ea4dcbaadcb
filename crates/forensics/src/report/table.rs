//! Markdown tables whose columns line up, so that they read well in a terminal too.

/// A table being filled.
pub(super) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Align {
    Left,
    Right,
}

struct Column {
    title: &'static str,
    align: Align,
}

impl Table {
    /// A table of these columns: a title that begins with `>` is aligned to the right, for figures.
    pub(super) fn of(titles: &[&'static str]) -> Self {
        let column = |title: &&'static str| match title.strip_prefix('>') {
            Some(title) => Column {
                title,
                align: Align::Right,
            },
            None => Column {
                title,
                align: Align::Left,
            },
        };
        Self {
            columns: titles.iter().map(column).collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row, whose cells are harmless already.
    pub(super) fn row(&mut self, cells: impl Into<Vec<String>>) {
        let cells = cells.into();
        debug_assert_eq!(cells.len(), self.columns.len(), "a cell for each column");
        self.rows.push(cells);
    }

    /// Appends it to a page.
    pub(super) fn write(&self, page: &mut String) {
        let width = |at: usize, column: &Column| {
            let cells = self.rows.iter().filter_map(|row| row.get(at));
            let widest = cells.map(|cell| cell.chars().count()).max().unwrap_or(0);
            widest.max(column.title.len()).max(3)
        };
        let widths: Vec<usize> = self
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| width(at, column))
            .collect();
        self.line(page, &widths, self.columns.iter().map(|column| column.title));
        for (column, width) in self.columns.iter().zip(&widths) {
            let rule = "-".repeat(width - 1);
            page.push_str(&match column.align {
                Align::Left => format!("| {rule}- "),
                Align::Right => format!("| {rule}: "),
            });
        }
        page.push_str("|\n");
        for row in &self.rows {
            self.line(page, &widths, row.iter().map(String::as_str));
        }
        page.push('\n');
    }

    fn line<'c>(&self, page: &mut String, widths: &[usize], cells: impl Iterator<Item = &'c str>) {
        for ((cell, column), width) in cells.zip(&self.columns).zip(widths) {
            page.push_str(&match column.align {
                Align::Left => format!("| {cell:<width$} "),
                Align::Right => format!("| {cell:>width$} "),
            });
        }
        page.push_str("|\n");
    }
}
