//! The log in files: `app.log` as the observed server keeps it, and the guide's `better-ccflare.log`.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::Dialect;
use super::log::{Level, Record};

/// Above this a file is deleted and begun anew, as the observed server does it.
const LARGEST: u64 = 10 << 20;
/// How many records pass between two looks at the size.
const LOOKS_EVERY: u32 = 100;

/// One file.
#[derive(Debug)]
struct Appender {
    path: PathBuf,
    /// None before the first record, and where it cannot be opened.
    file: Option<File>,
    records: u32,
    /// The last write failed, and may have left half a line.
    torn: bool,
}

impl Appender {
    fn open(path: PathBuf) -> io::Result<Self> {
        let mut appender = Self { path, file: None, records: 0, torn: false };
        appender.reopen()?;
        appender.keep_small()?;
        Ok(appender)
    }

    fn reopen(&mut self) -> io::Result<&mut File> {
        self.file = None;
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        Ok(self.file.insert(OpenOptions::new().create(true).append(true).open(&self.path)?))
    }

    fn keep_small(&mut self) -> io::Result<()> {
        if self.file.as_ref().map_or(Ok(0), |file| file.metadata().map(|m| m.len()))? > LARGEST {
            fs::remove_file(&self.path)?;
            self.reopen()?;
        }
        Ok(())
    }

    /// True where the path leads to the open file still, and nobody has deleted or moved it.
    fn is_in_place(&self) -> bool {
        let place = |m: Metadata| (m.dev(), m.ino());
        let open = self.file.as_ref().and_then(|file| file.metadata().ok());
        open.is_some() && open.map(place) == fs::metadata(&self.path).ok().map(place)
    }

    fn write(&mut self, line: &str) -> io::Result<()> {
        let done = self.try_write(line);
        self.torn = done.is_err();
        done
    }

    fn try_write(&mut self, line: &str) -> io::Result<()> {
        self.records += 1;
        if self.records >= LOOKS_EVERY {
            self.records = 0;
            self.keep_small()?;
        }
        let (in_place, torn) = (self.is_in_place(), self.torn);
        let file = match &mut self.file {
            Some(file) if in_place => file,
            _ => self.reopen()?,
        };
        // In one write, so that a reader that follows never sees half a line for long.
        let line = if torn { format!("\n{line}") } else { line.to_owned() };
        file.write_all(line.as_bytes())
    }
}

/// The log's files in one folder.
#[derive(Debug)]
pub struct Files {
    folder: PathBuf,
    json: Appender,
    text: Option<Appender>,
    failing: bool,
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
        Ok(Self { folder: folder.to_owned(), json, text, failing: false })
    }

    /// Appends a record. Where that fails it is tried anew with each record, and the first failure gives a record that says so,
    /// for whoever reads the log elsewhere.
    pub fn write(&mut self, record: &Record) -> Option<Record> {
        let json = self.json.write(&format!("{}\n", record.to_line()));
        let text = self.text.as_mut().map_or(Ok(()), |text| text.write(&format!("{}\n", record.to_text())));
        let failed = json.and(text).err();
        let first = !std::mem::replace(&mut self.failing, failed.is_some());
        let folder = self.folder.display();
        let tell = |error| {
            format!("The log files in {folder} cannot be written: {error}; records are missing there")
        };
        failed.filter(|_| first).map(|error| Record::new(record.at, Level::Error, tell(error)))
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
        assert_eq!(files.write(&record), None);
        drop(files);
        assert_eq!(Files::open(&inner, Dialect::Observed).unwrap().write(&record), None);
        let json = fs::read_to_string(inner.join("app.log")).unwrap();
        let parsed: Vec<serde_json::Value> = json.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        assert_eq!(parsed, [record.to_json(), record.to_json()]);
        let text = fs::read_to_string(inner.join("better-ccflare.log")).unwrap();
        assert_eq!(text, "[INFO] Starting auto-refresh scheduler\n");
    }

    fn read(path: &Path) -> String {
        fs::read_to_string(path).unwrap_or_default()
    }

    fn say(files: &mut Files, message: &str) -> Option<String> {
        let record = Record::new(Timestamp::UNIX_EPOCH, Level::Info, message);
        files.write(&record).map(|trouble| trouble.message)
    }

    /// At the start, and after each hundred records.
    #[test]
    fn files_that_grew_too_large_are_begun_anew() {
        let folder = tempfile::tempdir().unwrap();
        let paths = ["app.log", "better-ccflare.log"].map(|name| folder.path().join(name));
        let size = |path: &PathBuf| fs::metadata(path).unwrap().len();
        let large = usize::try_from(LARGEST).unwrap();
        for (bytes, kept) in [(large, true), (large + 1, false)] {
            for path in &paths {
                fs::write(path, "x".repeat(bytes)).unwrap();
            }
            drop(Files::open(folder.path(), Dialect::Guide).unwrap());
            assert_eq!(paths.each_ref().map(size), [if kept { LARGEST } else { 0 }; 2]);
        }
        let mut files = Files::open(folder.path(), Dialect::Guide).unwrap();
        let long = "x".repeat(large / 50);
        for n in 1..=250 {
            assert_eq!(say(&mut files, &format!("{n} {long}")), None);
            // Each holds what came since the last look that found it too large: after 99 records, and after 199.
            let first = if n < 100 { 1 } else { n / 100 * 100 };
            if n % 25 == 0 {
                assert!(read(&paths[0]).contains(&format!("\"msg\":\"{first} xxx")), "{n}");
                assert!(read(&paths[1]).starts_with(&format!("[INFO] {first} xxx")), "{n}");
            }
        }
    }

    #[test]
    fn files_that_were_deleted_or_moved_are_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("logs");
        let mut files = Files::open(&inner, Dialect::Guide).unwrap();
        assert_eq!(say(&mut files, "one"), None);
        fs::remove_dir_all(&inner).unwrap();
        assert_eq!(say(&mut files, "two"), None);
        fs::rename(inner.join("better-ccflare.log"), inner.join("old")).unwrap();
        assert_eq!(say(&mut files, "three"), None);
        assert_eq!(read(&inner.join("app.log")).lines().count(), 2);
        assert_eq!(read(&inner.join("old")), "[INFO] two\n");
        assert_eq!(read(&inner.join("better-ccflare.log")), "[INFO] three\n");
    }

    #[test]
    fn a_folder_that_cannot_be_had_is_told_once_until_it_can() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("logs");
        let mut files = Files::open(&inner, Dialect::Guide).unwrap();
        for _ in 0..2 {
            fs::remove_dir_all(&inner).unwrap();
            fs::write(&inner, "a file in its place").unwrap();
            let told = say(&mut files, "lost").unwrap();
            assert!(told.contains(inner.to_str().unwrap()) && told.contains("cannot be written"), "{told}");
            assert_eq!((say(&mut files, "lost"), say(&mut files, "lost")), (None, None));
            fs::remove_file(&inner).unwrap();
            assert_eq!(say(&mut files, "kept"), None);
        }
        assert_eq!(read(&inner.join("better-ccflare.log")).trim_start(), "[INFO] kept\n");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_told_once_and_leaves_no_line_half_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("app.log");
        std::os::unix::fs::symlink("/dev/full", &path).unwrap();
        let mut files = Files::open(folder.path(), Dialect::Guide).unwrap();
        let told = say(&mut files, "lost").unwrap();
        assert!(told.contains("No space left on device"), "{told}");
        assert_eq!(say(&mut files, "lost"), None);
        assert_eq!(
            read(&folder.path().join("better-ccflare.log")),
            "[INFO] lost\n[INFO] lost\n",
            "it goes on"
        );
        fs::remove_file(&path).unwrap();
        fs::write(&path, r#"{"ts":0,"lev"#).unwrap();
        assert_eq!(say(&mut files, "kept"), None);
        let kept = Record::new(Timestamp::UNIX_EPOCH, Level::Info, "kept").to_line();
        assert_eq!(read(&path).lines().collect::<Vec<_>>(), [r#"{"ts":0,"lev"#, &kept]);
    }
}
