import Contributions

/// One run of a benchmark.
struct BenchmarkRun: Sendable {
  /// When the result came, ms since 1970-01-01 UTC.
  let time: Double
  let value: Double
  let elapsed: Double
  /// `device_index`; 0 where it was not reported.
  let device: Double
  /// Whether it was: workloads of the processor or the disk have none.
  let isNumbered: Bool
  /// Codes; −1 where not reported.
  let nonce: Int32
  let result: Int32
}

/// The runs of one workload in time order.
struct Bench: Sendable {
  let name: String
  var runs: [BenchmarkRun] = []

  var values: [Double] { runs.map(\.value) }
}

/// A host's benchmarks by workload, in order of first appearance.
struct ComputeBenchmarks: Sendable {
  let benches: [Bench]
  /// Device numbers that were reported.
  let numbers: Set<Double>

  /// Apart by more than this, a repeated nonce is no retransmission and no retry.
  static let longestRetry = 600_000.0

  init(_ table: RecordTable) {
    let names = table.codes("bench")
    let values = table.numbers("value")
    let elapsed = table.numbers("elapsed_ms")
    let devices = table.numbers("device_index")
    numbers = Set(devices.filter { !$0.isNaN })
    let nonces = table.codes("nonce")
    let results = table.codes("result_hash")
    var places: [Int32: Int] = [:]
    var benches: [Bench] = []
    for row in 0..<table.count where names[row] >= 0 && !values[row].isNaN {
      let place = places[names[row]] ?? benches.count
      if place == benches.count {
        places[names[row]] = place
        benches.append(Bench(name: table.text(names[row])))
      }
      benches[place].runs.append(
        BenchmarkRun(
          time: Double(table.timestamps[row]), value: values[row], elapsed: elapsed[row],
          device: devices[row].isNaN ? 0 : devices[row], isNumbered: !devices[row].isNaN,
          nonce: nonces[row], result: results[row]))
    }
    self.benches = benches
  }

  var runCount: Int { benches.reduce(0) { $0 + $1.runs.count } }

  /// The same by device; empty where no workload has several.
  var byDevice: [Bench] {
    guard numbers.count > 1 else { return [] }
    return benches.flatMap { bench in
      Set(bench.runs.map(\.device)).sorted().map { device in
        Bench(name: bench.name, runs: bench.runs.filter { $0.device == device })
      }
    }
  }

  /// Whether a clock of 50 ms or coarser times the runs and the results are worked out from it:
  /// some workload shows a constant over two or more such times.
  var hasCoarseClock: Bool {
    benches.contains { bench in
      guard bench.runs.count >= 4, let first = bench.runs.first else { return false }
      let work = first.value * first.elapsed
      return Set(bench.runs.map(\.elapsed)).count >= 2
        && bench.runs.allSatisfy { run in
          run.elapsed > 0 && run.elapsed.truncatingRemainder(dividingBy: 50) == 0
            && (run.value * run.elapsed - work).magnitude <= 0.002 * work
        }
    }
  }

  /// The workload with the most runs; the first of several.
  var largest: Bench? {
    benches.reduce(nil) { best, bench in
      bench.runs.count > best?.runs.count ?? 0 ? bench : best
    }
  }
}

// MARK: - Answers to challenges

extension ComputeBenchmarks {
  /// Runs whose nonce and result the same device had given before, `longestRetry` ago or more. A
  /// run without a result hash is the same when its value and time are, to the last digit.
  ///
  /// Devices of one host may be given one challenge at once, so each is taken by itself.
  var reusedNonces: (count: Int, of: Int) {
    struct Answer: Hashable {
      let device: Double
      let nonce: Int32
      let result: Int32
      let value: Double
      let elapsed: Double
    }
    var reused = 0
    var total = 0
    for bench in benches {
      var first: [Answer: Double] = [:]
      for run in bench.runs where run.nonce >= 0 {
        total += 1
        let isHashed = run.result >= 0
        let answer = Answer(
          device: run.device, nonce: run.nonce, result: run.result,
          value: isHashed ? 0 : run.value,
          elapsed: isHashed || run.elapsed.isNaN ? 0 : run.elapsed)
        if let time = first[answer] {
          if run.time - time > Self.longestRetry { reused += 1 }
        } else {
          first[answer] = run.time
        }
      }
    }
    return (reused, total)
  }

  /// Results that answer several different nonces, among workloads whose result depends on the
  /// nonce: those with at least half as many results as nonces, and five nonces.
  var repeatedResults: (count: Int, of: Int) {
    var repeated = 0
    var total = 0
    for bench in benches {
      let counts = Self.distinctAnswers(bench)
      guard counts.nonces >= 5, counts.results * 2 >= counts.nonces else { continue }
      repeated += max(counts.nonces - counts.results, 0)
      total += counts.nonces
    }
    return (repeated, total)
  }

  /// Share of nonces that were not answered by a result of their own.
  var repeatedResultShare: Double {
    let counts = benches.map(Self.distinctAnswers).filter { $0.nonces >= 2 }
    let nonces = counts.reduce(0) { $0 + $1.nonces }
    let repeats = counts.reduce(0) { $0 + max($1.nonces - $1.results, 0) }
    return nonces == 0 ? .nan : Double(repeats) / Double(nonces)
  }

  private static func distinctAnswers(_ bench: Bench) -> (nonces: Int, results: Int) {
    var nonces: Set<Int32> = []
    var results: Set<Int32> = []
    for run in bench.runs where run.nonce >= 0 && run.result >= 0 {
      nonces.insert(run.nonce)
      results.insert(run.result)
    }
    return (nonces.count, results.count)
  }
}
