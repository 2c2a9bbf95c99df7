import Assay
import Dispatch

/// Does blocking work, one piece at a time, on a thread of its own: those that answer requests are
/// as many as cores.
final class SideThread: Sendable {
  private let queue = DispatchQueue(label: "assay.reload")

  func run<Value: Sendable>(
    _ work: @escaping @Sendable () -> Value
  ) async -> Value {
    await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: work()) }
    }
  }
}

extension VerifierHost {
  /// Checks that a caller may have files loaded anew.
  ///
  /// - Throws: `HostError.forbidden` without the scope `admin`, `.tooManyRequests`.
  func admitReload(of caller: Caller) throws(HostError) {
    try caller.require(.admin)
    try quotas.takeRequest(caller)
  }

  /// Reads all files whole and puts them in the place of those that are in use.
  ///
  /// A request that has begun ends with what it began with. A file that cannot be used changes
  /// nothing.
  ///
  /// - Throws: `SetupError`.
  public func reload() async throws(SetupError) -> ReloadReport {
    let result = await sideThread.run { () -> Result<ReloadReport, SetupError> in
      do throws(SetupError) {
        let contents = try self.configuration.files.contents(limits: self.limits)
        return .success(self.replace(with: contents))
      } catch {
        return .failure(error)
      }
    }
    switch result {
    case .success(let report):
      metrics.reload("done")
      logger.notice("reloaded", metadata: ["report": "\(report.json.text)"])
      return report
    case .failure(let error):
      countRefusedReload(error)
      throw error
    }
  }

  /// Tells of files that could not be used: here, or by a transport that has some of its own.
  func countRefusedReload(_ error: SetupError) {
    metrics.reload("refused")
    logger.error("reload refused, nothing changed", metadata: ["error": "\(error)"])
  }

  private func replace(with contents: VerifierFiles.Contents) -> ReloadReport {
    let before = loaded.withLock { loaded in
      let before = loaded
      loaded.contents = contents
      loaded.generation += 1
      if Self.differ(before.contents.candidate, contents.candidate) {
        loaded.candidateGeneration = loaded.generation
        mirror.restart(generation: loaded.generation)
      }
      return before
    }
    announce(contents)
    return ReloadReport(
      generation: before.generation + 1,
      hasChanged: Self.differ(before.contents.active, contents.active)
        || Self.differ(before.contents.candidate, contents.candidate),
      keys: contents.keys?.count, active: contents.active, candidate: contents.candidate)
  }

  private static func differ(_ left: Verifier?, _ right: Verifier?) -> Bool {
    left.map { HostReports.identities(of: $0) } != right.map { HostReports.identities(of: $0) }
  }
}
