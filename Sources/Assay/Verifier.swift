import Contributions

/// Judges contributions in process, exactly as the nightly run does.
///
///     let verifier = try Verifier(VerifierConfiguration(profiles: [
///       .init(named: "wireless", modelPath: "wireless.safetensors")
///     ]))
///     let request = try VerifyRequest(
///       requestID: "batch-1", epoch: 20_454,
///       items: [VerifyItem(itemID: "a", profile: "wireless", records: RecordLines(ndjson: bytes))])
///     let response = await verifier.verify(request)
///
/// An immutable value: use one from as many tasks as you like. To change models or policies make
/// another and let it take the place of the first; requests end with what they began with.
public struct Verifier: Sendable {
  public static let apiVersion = "depin.verifier.v1"

  public let description: VerifierDescription
  private let engines: [String: ProfileEngine]

  /// - Throws: `VerifierError` for no profile or two sources of one, a model of another profile or of
  ///   other features, or limits that allow nothing.
  public init(_ configuration: VerifierConfiguration) throws(VerifierError) {
    let limits = configuration.limits
    let smallest = min(
      limits.maxItems, limits.maxRecords, limits.maxBytes, limits.maxDeadlineMs)
    guard smallest >= 1 else { throw VerifierError("every limit must be at least 1") }
    guard !configuration.profiles.isEmpty else {
      throw VerifierError("a verifier needs at least one profile")
    }
    var engines: [String: ProfileEngine] = [:]
    for source in configuration.profiles {
      let name = source.profile.name
      guard engines[name] == nil else { throw VerifierError("profile \(name) is named twice") }
      engines[name] = try ProfileEngine(source, tasks: configuration.tasks)
    }
    self.engines = engines
    description = VerifierDescription(
      profiles: engines.values.map(\.entry).sorted { $0.name < $1.name }, limits: limits)
  }

  /// Answers a request; never throws: what cannot be judged says so in its status.
  ///
  /// Items of one profile are judged as one batch. A deadline that passes or a task that is cancelled
  /// leaves items TRANSIENT; both are looked at between nodes and stages, so an answer may come a
  /// stage late.
  public func verify(_ request: VerifyRequest) async -> VerifyResponse {
    let deadline = Deadline(
      milliseconds: request.deadlineMs ?? description.limits.maxDeadlineMs)
    var places: [String: [Int]] = [:]
    for (place, item) in request.items.enumerated() {
      places[item.profile, default: []].append(place)
    }
    var results: [ItemResult?] = Array(repeating: nil, count: request.items.count)
    var identities: [String: ProfileIdentity] = [:]
    for (name, own) in places.sorted(by: { $0.key < $1.key }) {
      guard let engine = engines[name] else { continue }
      identities[name] = engine.entry.identity
      let answers = await engine.judge(
        own.map { request.items[$0] }, of: request, within: deadline)
      for (place, answer) in zip(own, answers) { results[place] = answer }
    }
    return response(
      to: request, profiles: identities,
      results: zip(request.items, results).map { item, result in
        result ?? ItemResult(unsupported: item, profiles: description.profiles.map(\.name))
      })
  }

  /// The answer that a host gives instead of judging: every item TRANSIENT.
  public func transient(_ request: VerifyRequest, because message: String) -> VerifyResponse {
    response(
      to: request, profiles: [:],
      results: request.items.map { ItemResult(transient: $0, because: message) })
  }

  private func response(
    to request: VerifyRequest, profiles: [String: ProfileIdentity], results: [ItemResult]
  ) -> VerifyResponse {
    let written = ResponseWriter.write(
      request, profiles: profiles, results: results, version: description.version)
    return VerifyResponse(
      requestID: request.requestID, mode: request.mode, epoch: request.epoch,
      asOf: request.asOf, profiles: profiles, results: results, json: written.json,
      digest: written.digest)
  }
}
