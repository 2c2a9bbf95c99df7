import Assay
import Logging

extension VerifierHost {
  /// Answers a request: as before where the same one was answered before, else by judging it when
  /// its turn comes.
  ///
  /// A request in mode SHADOW is answered by the candidate where there is one. Behind the answer to
  /// one in mode ENFORCE the candidate judges the same, for ``shadow(for:)``. What is judged ends
  /// with the model, policy and keys that it began with, whatever is loaded meanwhile.
  ///
  /// - Parameter deadline: the transport's; the earlier of it and the request's own counts. Items
  ///   that it leaves unjudged are TRANSIENT, in an answer that is not kept; their records count
  ///   against no quota.
  /// - Throws: `HostError.forbidden` without the scope `verify`, `.tooManyRequests`, `.quotaSpent`,
  ///   `.conflict`, `.overloaded`.
  public func verify(
    _ request: VerifyRequest, for caller: Caller, deadline: ContinuousClock.Instant? = nil
  ) async throws(HostError) -> VerifyResponse {
    let start = ContinuousClock.now
    try caller.require(.verify)
    try quotas.takeRequest(caller)
    let allowed = min(request.deadlineMs ?? limits.maxDeadlineMs, limits.maxDeadlineMs)
    let end = min(start + .milliseconds(allowed), deadline ?? start + .seconds(86_400))
    let key = AnswerCache.Key(caller: caller.id, requestID: request.requestID)
    let digest = request.digest
    while true {
      switch answers.start(key, digest: digest) {
      case .answered(let answer):
        metrics.requests[.repeated]?.increment()
        log(request, caller, answer, "repeated", since: start)
        return answer
      case .conflict:
        metrics.requests[.conflict]?.increment()
        throw .conflict(requestID: request.requestID)
      case .running:
        // Judged at this moment for the same caller: the answer is soon there, or the turn is ours.
        await answers.wait(for: key)
      case .judge:
        return try await judge(request, key: key, caller: caller, since: start, until: end)
      }
    }
  }

  private func judge(
    _ request: VerifyRequest, key: AnswerCache.Key, caller: Caller,
    since start: ContinuousClock.Instant, until end: ContinuousClock.Instant
  ) async throws(HostError) -> VerifyResponse {
    var kept: VerifyResponse?
    defer { answers.finish(key, with: kept) }
    let taken: Quotas.Taken
    do throws(HostError) {
      taken = try quotas.takeRecords(request.recordCount, caller)
    } catch {
      metrics.requests[.quota]?.increment()
      throw error
    }
    let (contents, generation) = loaded.withLock { ($0.contents, $0.candidateGeneration) }
    let isShadow = request.mode == .shadow
    let verifier = isShadow ? contents.candidate ?? contents.active : contents.active
    switch await turnstile.enter(until: end) {
    case .full:
      quotas.giveBack(taken.records, of: taken)
      metrics.requests[.overloaded]?.increment()
      throw .overloaded(retryAfter: 1)
    case .late:
      quotas.giveBack(taken.records, of: taken)
      metrics.requests[.late]?.increment()
      let answer = verifier.transient(
        request, because: "the deadline came before the request's turn")
      metrics.count(answer, to: request)
      log(request, caller, answer, "late", since: start)
      return answer
    case .entered: break
    }
    metrics.waitSeconds.recordNanoseconds((ContinuousClock.now - start).nanoseconds)
    let answer = await verifier.verify(request.shortened(to: end, limits: limits))
    turnstile.leave()
    if answer.isFinal {
      kept = answer
    } else {
      quotas.giveBack(request.recordsUnjudged(in: answer), of: taken)
    }
    metrics.requests[.judged]?.increment()
    metrics.seconds.recordNanoseconds((ContinuousClock.now - start).nanoseconds)
    metrics.count(answer, to: request)
    log(request, caller, answer, "judged", since: start)
    if !isShadow, let candidate = contents.candidate {
      mirror.offer(
        ShadowMirror.Job(
          request: request, caller: caller.id, answer: answer, candidate: candidate,
          generation: generation))
    }
    return answer
  }

  private func log(
    _ request: VerifyRequest, _ caller: Caller, _ answer: VerifyResponse, _ ending: String,
    since start: ContinuousClock.Instant
  ) {
    guard logger.logLevel <= .info else { return }
    var statuses: [String: Int] = [:]
    for result in answer.results {
      statuses[(result.outcome?.rawValue ?? result.status.rawValue).lowercased(), default: 0] += 1
    }
    let counts = statuses.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    logger.info(
      "verify",
      metadata: [
        "request_id": "\(request.requestID)", "key": "\(caller.id)", "ending": "\(ending)",
        "mode": "\(request.mode.rawValue)", "epoch": "\(request.epoch)",
        "items": "\(request.items.count)", "records": "\(request.recordCount)",
        "results": "\(counts.joined(separator: " "))",
        "ms": "\((ContinuousClock.now - start).nanoseconds / 1_000_000)",
      ])
  }
}

extension VerifyRequest {
  /// Records of all items.
  var recordCount: Int { items.reduce(0) { $0 + $1.records.count } }

  /// Records of those items that `answer` left unjudged.
  func recordsUnjudged(in answer: VerifyResponse) -> Int {
    zip(items, answer.results).reduce(0) { sum, pair in
      sum + (pair.1.status == .transient ? pair.0.records.count : 0)
    }
  }

  /// The same question with the time that is left. A wait of a few milliseconds is not worth the
  /// copy.
  fileprivate func shortened(to end: ContinuousClock.Instant, limits: VerifierLimits)
    -> VerifyRequest
  {
    let left = Int((end - ContinuousClock.now).nanoseconds / 1_000_000)
    guard left + 5 < deadlineMs ?? limits.maxDeadlineMs else { return self }
    let shorter = try? VerifyRequest(
      requestID: requestID, epoch: epoch, asOf: asOf, mode: mode, deadlineMs: max(left, 1),
      items: items, limits: limits)
    return shorter ?? self
  }
}

extension Duration {
  /// Held within `Int64`, which is 292 years.
  var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds.multipliedReportingOverflow(by: 1_000_000_000).partialValue
      &+ attoseconds / 1_000_000_000
  }
}
