//! A served page in a process of its own, and a client that speaks just enough HTTP.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Longest that an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// `yellowcart serve` with a small market.
pub struct Served {
    program: Child,
    pub host: String,
    /// Links as they were printed: the teacher's, the class's.
    pub links: Vec<String>,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|why| panic!("{why}: {}", self.body))
    }

    /// The sentence of an error.
    pub fn error(&self) -> String {
        self.json()["error"].as_str().unwrap_or_default().to_owned()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

impl Served {
    pub fn new(arguments: &[&str]) -> Self {
        let small = ["serve", "--port", "0", "--set", "population.consumers=3000"];
        let mut program = Command::new(env!("CARGO_BIN_EXE_yellowcart"))
            .args(small)
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let out = program.stdout.take().expect("its output");
        let mut out = BufReader::new(out);
        let mut links = Vec::new();
        let lines = 1 + usize::from(arguments.contains(&"--listen"));
        for _ in 0..lines {
            let mut line = String::new();
            out.read_line(&mut line).expect("a line");
            let (_, link) = line.trim().rsplit_once(' ').expect("a link");
            links.push(link.to_owned());
        }
        let host = links[0].trim_start_matches("http://");
        let (host, _) = host.split_once('/').expect("an address");
        Self {
            program,
            host: host.to_owned(),
            links,
        }
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.host).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time");
        stream
    }

    /// Sends a request with headers of one's own, and reads all of the answer.
    pub fn send(&self, method: &str, path: &str, headers: &[&str], body: &str) -> Answer {
        let mut stream = self.connect();
        let own = headers
            .iter()
            .any(|header| header.to_lowercase().starts_with("host:"));
        let host = if own {
            String::new()
        } else {
            format!("Host: {}\r\n", self.host)
        };
        let headers: String = headers
            .iter()
            .map(|header| format!("{header}\r\n"))
            .collect();
        let request = format!(
            "{method} {path} HTTP/1.1\r\n{host}Connection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).expect("it is sent");
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        Answer {
            status: status.unwrap_or(0),
            body: match head.to_lowercase().contains("transfer-encoding: chunked") {
                true => unchunked(body),
                false => body.to_owned(),
            },
            head: head.to_owned(),
        }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], "")
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(
            "POST",
            path,
            &["Content-Type: application/json"],
            &body.to_string(),
        )
    }

    /// Follows the events.
    pub fn watch(&self, headers: &[&str]) -> Events {
        let mut stream = self.connect();
        let headers: String = headers
            .iter()
            .map(|header| format!("{header}\r\n"))
            .collect();
        let request = format!(
            "GET /api/events HTTP/1.1\r\nHost: {}\r\n{headers}\r\n",
            self.host
        );
        stream.write_all(request.as_bytes()).expect("it is sent");
        Events {
            reader: BufReader::new(stream),
        }
    }
}

fn unchunked(mut body: &str) -> String {
    let mut whole = String::new();
    while let Some((size, rest)) = body.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        if size == 0 || size > rest.len() {
            break;
        }
        whole.push_str(&rest[..size]);
        body = rest[size..].trim_start_matches("\r\n");
    }
    whole
}

/// Events as they come.
pub struct Events {
    reader: BufReader<TcpStream>,
}

impl Events {
    /// The next event: its name and its data.
    pub fn next(&mut self) -> Option<(String, Value)> {
        let mut event = String::new();
        loop {
            let mut line = String::new();
            if self.reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            if let Some(name) = line.strip_prefix("event: ") {
                event = name.trim().to_owned();
            } else if let Some(data) = line.strip_prefix("data: ") {
                return Some((event, serde_json::from_str(data.trim()).ok()?));
            }
        }
    }

    /// The next event of a name that passes.
    pub fn until(&mut self, name: &str, passes: impl Fn(&Value) -> bool) -> Value {
        loop {
            let (event, data) = self.next().expect("there are more events");
            if event == name && passes(&data) {
                return data;
            }
        }
    }
}
