import Contributions

/// The buckets of time that series are kept in.
public struct SeriesGrid: Sendable, Equatable, Codable {
  /// Half hours of a day; of longer logs as many longer ones.
  public static let buckets = 48
  /// Days that a grid covers at most: those of a log of several days that came last.
  static let mostDays: Int64 = 31

  /// Start of the first bucket, ms since 1970-01-01 UTC.
  public let start: Int64
  /// Length of a bucket, ms.
  public let width: Int64

  init(start: Int64, width: Int64) {
    self.start = start
    self.width = width
  }

  /// The grid of a log of these days.
  init(days: ClosedRange<Epoch>) {
    let last = days.upperBound.day
    let first = max(days.lowerBound.day, last - Self.mostDays + 1)
    start = first * 86_400_000
    width = (last - first + 1) * 86_400_000 / Int64(Self.buckets)
  }

  /// The bucket of a moment; `nil` outside.
  func bucket(of time: Int64) -> Int? {
    guard time >= start else { return nil }
    let bucket = (time - start) / width
    return bucket < Int64(Self.buckets) ? Int(bucket) : nil
  }
}

/// A channel of a node over time, bucket by bucket; `nil` where nothing came.
public struct RecordSeries: Sendable, Equatable, Codable {
  public let channel: SeriesChannel
  public let medians: [Float?]
  public let lows: [Float?]
  public let highs: [Float?]
  /// Values behind them.
  public let counts: [Int]

  /// `nil` for a channel that the node reported nothing of.
  init?(_ channel: SeriesChannel, of records: NodeRecords, grid: SeriesGrid) {
    var values = Array(repeating: [Double](), count: SeriesGrid.buckets)
    channel.forEachValue(of: records) { time, value in
      if let bucket = grid.bucket(of: time) { values[bucket].append(value) }
    }
    guard values.contains(where: { !$0.isEmpty }) else { return nil }
    self.channel = channel
    counts = values.map(\.count)
    // Of records it is their number that counts.
    if channel == .records {
      medians = counts.map { $0 == 0 ? nil : Float($0) }
      lows = medians
      highs = medians
    } else {
      medians = values.map { Self.quantile($0.sorted(), 0.5) }
      lows = values.map { $0.min().map { Float($0) } }
      highs = values.map { $0.max().map { Float($0) } }
    }
  }

  /// A quantile of sorted values, between its neighbours in proportion; `nil` of nothing.
  static func quantile(_ sorted: [Double], _ share: Double) -> Float? {
    guard let last = sorted.indices.last else { return nil }
    let place = share * Double(last)
    let low = Int(place)
    let high = min(low + 1, last)
    return Float(sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low)))
  }
}

/// What peers of a node show of a channel: the 10, 50 and 90 % quantiles of their medians, bucket by
/// bucket; `nil` under ``least`` of them.
public struct PeerBand: Sendable, Equatable, Codable {
  /// Fewer nodes than this are no band.
  public static let least = 5

  public let channel: String
  public let lows: [Float?]
  public let medians: [Float?]
  public let highs: [Float?]

  /// - Parameter peers: medians of each peer, bucket by bucket, NaN where it was silent.
  init(_ channel: SeriesChannel, peers: [ArraySlice<Float>]) {
    var lows: [Float?] = []
    var medians: [Float?] = []
    var highs: [Float?] = []
    for bucket in 0..<SeriesGrid.buckets {
      let values = peers.compactMap { slice -> Double? in
        let value = slice[slice.startIndex + bucket]
        return value.isNaN ? nil : Double(value)
      }.sorted()
      let isBand = values.count >= Self.least
      lows.append(isBand ? RecordSeries.quantile(values, 0.1) : nil)
      medians.append(isBand ? RecordSeries.quantile(values, 0.5) : nil)
      highs.append(isBand ? RecordSeries.quantile(values, 0.9) : nil)
    }
    self.channel = channel.name
    self.lows = lows
    self.medians = medians
    self.highs = highs
  }

  var isEmpty: Bool { medians.allSatisfy { $0 == nil } }
}
