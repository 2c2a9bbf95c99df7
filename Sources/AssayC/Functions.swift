import Assay
import Foundation

// The functions of assay.h, which documents them.

private typealias Output = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

/// What functions return; the values are those of assay.h.
enum CallStatus: Int32 {
  case ok = 0
  case badRequest = 1
  case badConfiguration = 2
  case badArgument = 3
  case noMemory = 4
}

/// A call that failed: its status and what the caller is told.
struct CallError: Error {
  let status: CallStatus
  let code: String
  let message: String

  init(_ status: CallStatus, _ code: String, _ message: String) {
    self.status = status
    self.code = code
    self.message = message
  }

  var json: [UInt8] {
    RequestError.json(code: code, message: message)
  }
}

/// Does a call and hands the text it gives, if any, or why it failed to the caller.
private func answer(
  _ output: Output?, _ count: UnsafeMutablePointer<Int>?,
  _ body: () throws(CallError) -> [UInt8]?
) -> Int32 {
  output?.pointee = nil
  count?.pointee = 0
  guard let output else { return CallStatus.badArgument.rawValue }
  var status = CallStatus.ok
  let given: [UInt8]?
  do throws(CallError) {
    given = try body()
  } catch {
    status = error.status
    given = error.json
  }
  guard let text = given else { return status.rawValue }
  // The caller frees it by `assay_free`, which is `free`.
  guard let copy = malloc(text.count + 1) else { return CallStatus.noMemory.rawValue }
  text.withUnsafeBytes { bytes in
    if let base = bytes.baseAddress { copy.copyMemory(from: base, byteCount: bytes.count) }
  }
  copy.storeBytes(of: 0, toByteOffset: text.count, as: UInt8.self)
  output.pointee = copy.assumingMemoryBound(to: CChar.self)
  count?.pointee = text.count
  return status.rawValue
}

private func bytes(
  _ text: UnsafePointer<CChar>?, _ count: Int, _ name: String
) throws(CallError) -> [UInt8] {
  guard let text, count >= 0 else {
    throw CallError(.badArgument, "bad_argument", "\(name) must not be NULL")
  }
  return Array(UnsafeRawBufferPointer(start: text, count: count))
}

/// Sendable by discipline: made once, then only read.
nonisolated(unsafe) private let versionText = strdup(VerifierDescription.software.version)

@_cdecl("assay_version")
public func assayVersion() -> UnsafePointer<CChar>? {
  versionText.map { UnsafePointer($0) }
}

@_cdecl("assay_abi_version")
public func assayABIVersion() -> UInt32 { 1 }

@_cdecl("assay_verifier_new")
public func assayVerifierNew(
  _ configuration: UnsafePointer<CChar>?, _ count: Int,
  _ verifier: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
  _ error: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  verifier?.pointee = nil
  return answer(error, nil) { () throws(CallError) in
    guard let verifier else {
      throw CallError(.badArgument, "bad_argument", "verifier must not be NULL")
    }
    let json = try bytes(configuration, count, "configuration")
    verifier.pointee = VerifierHandle(try Configuration.read(json).verifier()).pointer
    return nil
  }
}

@_cdecl("assay_verifier_free")
public func assayVerifierFree(_ verifier: UnsafeMutableRawPointer?) {
  if let verifier { VerifierHandle.release(verifier) }
}

@_cdecl("assay_describe")
public func assayDescribe(
  _ verifier: UnsafeRawPointer?, _ output: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
  _ count: UnsafeMutablePointer<Int>?
) -> Int32 {
  answer(output, count) { () throws(CallError) in
    guard let verifier else {
      throw CallError(.badArgument, "bad_argument", "verifier must not be NULL")
    }
    return VerifierHandle.at(verifier).verifier.description.json.bytes
  }
}

@_cdecl("assay_verify")
public func assayVerify(
  _ verifier: UnsafeRawPointer?, _ request: UnsafePointer<CChar>?, _ requestCount: Int,
  _ output: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
  _ count: UnsafeMutablePointer<Int>?
) -> Int32 {
  answer(output, count) { () throws(CallError) in
    guard let verifier else {
      throw CallError(.badArgument, "bad_argument", "verifier must not be NULL")
    }
    let own = VerifierHandle.at(verifier).verifier
    let json = try bytes(request, requestCount, "request")
    let asked = try parsed(json, limits: own.description.limits)
    return CallerExecutor.run { await own.verify(asked).json }
  }
}

private func parsed(
  _ json: [UInt8], limits: VerifierLimits
) throws(CallError) -> VerifyRequest {
  do throws(RequestError) {
    return try VerifyRequest(json: json, limits: limits)
  } catch {
    throw CallError(.badRequest, error.code.rawValue, error.message)
  }
}

@_cdecl("assay_free")
public func assayFree(_ text: UnsafeMutableRawPointer?) {
  free(text)
}
