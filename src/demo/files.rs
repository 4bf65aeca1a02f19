//! The log in files: `app.log` as the observed server keeps it, and the guide's `better-ccflare.log`.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::Dialect;
use super::log::Record;

/// Above this a file is deleted and begun anew, as the observed server does it.
const LARGEST: u64 = 10 << 20;
/// How many records pass between two looks at the size.
const LOOKS_EVERY: u32 = 100;

/// One file.
#[derive(Debug)]
struct Appender {
    path: PathBuf,
    file: File,
    records: u32,
}

impl Appender {
    fn open(path: PathBuf) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(&path)?;
        let mut appender = Self { path, file, records: 0 };
        appender.keep_small()?;
        Ok(appender)
    }

    fn keep_small(&mut self) -> io::Result<()> {
        if self.file.metadata()?.len() > LARGEST {
            fs::remove_file(&self.path)?;
            self.file = OpenOptions::new().create(true).append(true).open(&self.path)?;
        }
        Ok(())
    }

    fn write(&mut self, line: &str) -> io::Result<()> {
        self.records += 1;
        if self.records >= LOOKS_EVERY {
            self.records = 0;
            self.keep_small()?;
        }
        // In one write, so that a reader that follows never sees half a line for long.
        self.file.write_all(line.as_bytes())
    }
}

/// The log's files in one folder.
#[derive(Debug)]
pub struct Files {
    json: Appender,
    text: Option<Appender>,
}

impl Files {
    /// Opens the files, and makes the folder where there is none. The text file belongs to the guide's dialect.
    ///
    /// # Errors
    /// Where they cannot be made or written.
    pub fn open(folder: &Path, dialect: Dialect) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let json = Appender::open(folder.join("app.log"))?;
        let text = match dialect {
            Dialect::Observed => None,
            Dialect::Guide => Some(Appender::open(folder.join("better-ccflare.log"))?),
        };
        Ok(Self { json, text })
    }

    /// Appends a record.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn write(&mut self, record: &Record) -> io::Result<()> {
        self.json.write(&format!("{}\n", record.to_line()))?;
        match &mut self.text {
            Some(text) => text.write(&format!("{}\n", record.to_text())),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::log::Level;
    use super::*;
    use crate::model::Timestamp;

    #[test]
    fn records_are_lines_of_json_and_of_the_guides_text() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/logs");
        let mut files = Files::open(&inner, Dialect::Guide).unwrap();
        let record = Record::new(Timestamp::UNIX_EPOCH, Level::Info, "Starting auto-refresh scheduler");
        files.write(&record).unwrap();
        drop(files);
        Files::open(&inner, Dialect::Observed).unwrap().write(&record).unwrap();
        let json = fs::read_to_string(inner.join("app.log")).unwrap();
        let parsed: Vec<serde_json::Value> = json.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        assert_eq!(parsed, [record.to_json(), record.to_json()]);
        let text = fs::read_to_string(inner.join("better-ccflare.log")).unwrap();
        assert_eq!(text, "[INFO] Starting auto-refresh scheduler\n");
    }

    #[test]
    fn a_file_that_grew_too_large_is_begun_anew() {
        let folder = tempfile::tempdir().unwrap();
        let mut files = Files::open(folder.path(), Dialect::Observed).unwrap();
        let record = Record::new(Timestamp::UNIX_EPOCH, Level::Info, "x".repeat(200_000));
        for _ in 0..140 {
            files.write(&record).unwrap();
        }
        let size = fs::metadata(folder.path().join("app.log")).unwrap().len();
        assert!(size < LARGEST, "{size}");
    }
}
