//! Judges a request from Rust: verify CONFIGURATION REQUEST, both files. Prints the answer.

use std::ffi::{c_char, c_void, CStr};
use std::{env, fs, process, ptr, slice, thread};

/// assay.h
mod ffi {
    use super::{c_char, c_void};

    #[repr(C)]
    pub struct Verifier {
        _private: [u8; 0],
    }

    pub const OK: i32 = 0;

    #[link(name = "assay")]
    extern "C" {
        pub fn assay_version() -> *const c_char;
        pub fn assay_verifier_new(
            configuration: *const c_char,
            size: usize,
            verifier: *mut *mut Verifier,
            error: *mut *mut c_char,
        ) -> i32;
        pub fn assay_verifier_free(verifier: *mut Verifier);
        pub fn assay_verify(
            verifier: *const Verifier,
            request: *const c_char,
            size: usize,
            output: *mut *mut c_char,
            output_size: *mut usize,
        ) -> i32;
        pub fn assay_free(text: *mut c_void);
    }
}

/// Judges contributions; one serves any number of threads.
pub struct Verifier(*mut ffi::Verifier);

// assay.h: every function may be called from any thread at any time.
unsafe impl Send for Verifier {}
unsafe impl Sync for Verifier {}

impl Verifier {
    pub fn new(configuration: &[u8]) -> Result<Verifier, String> {
        let mut verifier = ptr::null_mut();
        let mut error = ptr::null_mut();
        let status = unsafe {
            ffi::assay_verifier_new(
                configuration.as_ptr().cast(),
                configuration.len(),
                &mut verifier,
                &mut error,
            )
        };
        if status == ffi::OK {
            return Ok(Verifier(verifier));
        }
        Err(String::from_utf8_lossy(&take(error, None)).into_owned())
    }

    /// The answer to a request; both are JSON.
    pub fn verify(&self, request: &[u8]) -> Result<Vec<u8>, String> {
        let mut output = ptr::null_mut();
        let mut size = 0;
        let status = unsafe {
            ffi::assay_verify(self.0, request.as_ptr().cast(), request.len(), &mut output, &mut size)
        };
        let text = take(output, Some(size));
        if status == ffi::OK {
            return Ok(text);
        }
        Err(String::from_utf8_lossy(&text).into_owned())
    }
}

impl Drop for Verifier {
    fn drop(&mut self) {
        unsafe { ffi::assay_verifier_free(self.0) }
    }
}

/// A text's bytes; gives the text back.
fn take(text: *mut c_char, size: Option<usize>) -> Vec<u8> {
    if text.is_null() {
        return Vec::new();
    }
    unsafe {
        let size = size.unwrap_or_else(|| CStr::from_ptr(text).to_bytes().len());
        let bytes = slice::from_raw_parts(text.cast::<u8>(), size).to_vec();
        ffi::assay_free(text.cast());
        bytes
    }
}

fn run() -> Result<(), String> {
    let arguments: Vec<String> = env::args().collect();
    if arguments.len() != 3 {
        return Err("usage: verify CONFIGURATION REQUEST".into());
    }
    let read = |path: &str| fs::read(path).map_err(|error| format!("{path}: {error}"));
    let verifier = Verifier::new(&read(&arguments[1])?)?;
    let request = read(&arguments[2])?;
    if verifier.verify(b"{}").is_ok() {
        return Err("a malformed request was answered".into());
    }
    let answers: Vec<Vec<u8>> = thread::scope(|scope| {
        let calls: Vec<_> = (0..4).map(|_| scope.spawn(|| verifier.verify(&request))).collect();
        calls
            .into_iter()
            .map(|call| call.join().map_err(|_| "a thread panicked".to_string())?)
            .collect::<Result<_, String>>()
    })?;
    if answers.iter().any(|answer| *answer != answers[0]) {
        return Err("threads got different answers".into());
    }
    println!("{}", String::from_utf8_lossy(&answers[0]));
    let version = unsafe { CStr::from_ptr(ffi::assay_version()) };
    eprintln!("judged by assay {} from Rust", version.to_string_lossy());
    Ok(())
}

fn main() {
    if let Err(error) = run() {
        eprintln!("{error}");
        process::exit(1);
    }
}
