//! How a process that reads files for another is asked and answers: messages through pipes, each
//! with its length before it and a mark behind it, so that half an answer is never taken for one.

use std::io::{self, ErrorKind, Read, Write};

/// Stands behind every message.
const END: [u8; 8] = *b"\x04kaohe\r\n";

/// What a reading process says first: a program that does not say it is none.
pub(super) const GREETING: &[u8] = concat!("kaohe ", env!("CARGO_PKG_VERSION")).as_bytes();

/// Sends one message.
pub(super) fn send(out: &mut impl Write, message: &[u8]) -> io::Result<()> {
    out.write_all(&(message.len() as u64).to_le_bytes())?;
    out.write_all(message)?;
    out.write_all(&END)?;
    out.flush()
}

/// Receives one message of at most `most` bytes.
pub(super) fn receive(input: &mut impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut length = [0; 8];
    input.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length);
    if length > most {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut message = Vec::new();
    input.take(length).read_to_end(&mut message)?;
    let mut end = [0; 8];
    input.read_exact(&mut end)?;
    // A message that is too short has swallowed the mark.
    if end != END {
        return Err(ErrorKind::InvalidData.into());
    }
    Ok(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_message_is_received() {
        let mut sent = Vec::new();
        send(&mut sent, "武陵区".as_bytes()).expect("memory takes any message");
        let received = receive(&mut &sent[..], 9).expect("a whole message");
        assert_eq!(received, "武陵区".as_bytes());
        for length in 0..sent.len() {
            assert!(receive(&mut &sent[..length], 9).is_err(), "{length}");
        }
        assert!(receive(&mut &sent[..], 8).is_err(), "longer than it may be");
    }
}
