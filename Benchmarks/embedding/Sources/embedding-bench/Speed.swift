import Assay
import Foundation

/// Requests with one item of one node's first ten records, as a coordinator sends them.
struct Speed {
  private let verifier: Verifier
  private let requests: [[UInt8]]
  private static let seconds = 5.0

  init(_ night: Night) throws {
    verifier = try night.verifier(tasks: 1)
    requests = night.nodes.filter { $0.lines.count >= 10 }.prefix(512).enumerated().map {
      let records = $1.lines.prefix(10).map { String(decoding: $0, as: UTF8.self) }
      return Array(
        (#"{"api_version":"depin.verifier.v1","request_id":"r\#($0)","epoch":\#(night.epoch),"#
          + #""items":[{"item_id":"i","profile":"\#(night.profile)","records":["#
          + records.joined(separator: ",") + "]}]}").utf8)
    }
  }

  func report() async throws {
    guard !requests.isEmpty else { return print("no node of the log has ten records") }
    let bytes = requests.reduce(0) { $0 + $1.count } / requests.count
    print("\(requests.count) different requests of \(bytes) bytes on average")
    var times: [Double] = []
    let cpu = Self.processSeconds
    let end = ContinuousClock.now + .seconds(Self.seconds)
    var reading = 0.0
    var digesting = 0.0
    while ContinuousClock.now < end {
      let json = requests[times.count % requests.count]
      let start = ContinuousClock.now
      let request = try VerifyRequest(json: json)
      let read = ContinuousClock.now
      _ = request.digest
      let digested = ContinuousClock.now
      _ = await verifier.verify(request)
      times.append(Self.microseconds(since: start))
      reading += Self.microseconds(start, read)
      digesting += Self.microseconds(read, digested)
    }
    let count = Double(times.count)
    times.sort()
    print(
      "one task: \(times.count) requests, median \(Self.text(times[times.count / 2])) µs, p99 "
        + "\(Self.text(times[times.count * 99 / 100])) µs, mean "
        + "\(Self.text(times.reduce(0, +) / count)) µs (reading \(Self.text(reading / count)), "
        + "digest \(Self.text(digesting / count))), processor time "
        + "\(Self.text((Self.processSeconds - cpu) * 1e6 / count)) µs")
    let total = try await concurrent(tasks: 2)
    print("two tasks: \(Int(Double(total) / Self.seconds)) requests/s")
  }

  private func concurrent(tasks: Int) async throws -> Int {
    let end = ContinuousClock.now + .seconds(Self.seconds)
    return try await withThrowingTaskGroup(of: Int.self) { group in
      for task in 0..<tasks {
        group.addTask {
          var count = 0
          while ContinuousClock.now < end {
            let request = try VerifyRequest(json: requests[(count + task) % requests.count])
            _ = await verifier.verify(request)
            count += 1
          }
          return count
        }
      }
      return try await group.reduce(0, +)
    }
  }

  /// What the process had of the cores: says what a request costs on a machine that others use, too.
  private static var processSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private static func microseconds(since start: ContinuousClock.Instant) -> Double {
    microseconds(start, .now)
  }

  private static func microseconds(
    _ start: ContinuousClock.Instant, _ end: ContinuousClock.Instant
  ) -> Double {
    start.duration(to: end) / .microseconds(1)
  }

  private static func text(_ value: Double) -> String { String(format: "%.1f", value) }
}
