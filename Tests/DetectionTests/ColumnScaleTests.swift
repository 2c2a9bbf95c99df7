import ExactMath
import Testing

@testable import Detection

struct ColumnScaleTests {
  static let ties = [1, 2, 2, 2, 5, 7, 7, 11, 20.0]

  private func scale(_ values: [Double], resolution: Double = 1e-6) throws -> ColumnScale {
    try #require(ColumnScale(sorted: values.sorted(), resolution: resolution))
  }

  /// Round(1024 × position), positions from scipy 1.17.1 (stats.norm.ppf) and numpy: rank over
  /// n + 1 = 10, and ln(1 + excess / 5.735) more beyond 1 and 20.
  @Test(arguments: [
    (-30.0, -6488.0, -3012.0, -3586.0), (0, -1131, -1135, -1849), (1, -952, -959, -1312),
    (1.5, -863, -862, -1061), (2, -774, -758, -537), (3, -595, -529, -129), (5, -238, 0, 0),
    (6, -60, 273, 129), (7, 119, 529, 395), (8, 298, 758, 691), (11, 833, 1289, 862),
    (15, 1547, 1760, 1061), (20, 2440, 2157, 1312), (21, 2619, 2221, 1849),
    (120, 20296, 4227, 4669),
  ])
  func `positions agree with scipy's, ties included`(
    value: Double, standardised: Double, compressed: Double, copula: Double
  ) throws {
    let scale = try scale(Self.ties)
    #expect(scale.lattice(value, in: .standardised, side: .both) == standardised)
    #expect(scale.lattice(value, in: .compressed, side: .both) == compressed)
    #expect(scale.lattice(value, in: .copula, side: .both) == copula)
  }

  @Test func `a normal score is that of the mean rank among equals`() throws {
    var generator = SplitMix64(seed: 1)
    for count in [3, 4, 10, 101] {
      for steps in [2, 9, 1000] {
        let values = (0..<count).map { _ in
          Double(Int.random(in: 0...steps, using: &generator))
        }
        guard Set(values).count > 1 else { continue }
        let scale = try scale(values)
        for probe in Set(values).union(values.map { $0 + 0.5 }) where probe <= values.max()! {
          let below = Double(values.count { $0 < probe })
          let equal = Double(values.count { $0 == probe })
          let share = (below + equal / 2 + 0.5) / (Double(count) + 1)
          let expected = (Portable.normalQuantile(share) * 1024).rounded() + 0
          #expect(scale.lattice(probe, in: .copula, side: .both) == expected)
        }
      }
    }
  }

  @Test func `a longer column keeps 4,096 order statistics, its ends among them`() throws {
    let values = (0..<9001).map { Double($0) }
    let scale = try scale(values)
    #expect(scale.knots.count == ColumnScale.largestKnots)
    #expect(scale.knots.first == 0 && scale.knots.last == 9000)
    for probe in [0, 17, 4500, 8999, 9000.0] {
      let share = (probe + 1) / 9002
      let found = scale.lattice(probe, in: .copula, side: .both) / Lattice.unit
      let isEnd = probe < 1 || probe > 8998
      #expect(abs(Portable.normalQuantile(share) - found) < (isEnd ? 0.3 : 0.05))
    }
  }

  @Test func `the spread is robust, but never below the resolution nor a tenth of the deviation`()
    throws
  {
    #expect(try scale(Array(stride(from: 0.0, through: 100, by: 1))).spread == 50 / 1.349)
    // Six of ten values are equal: the central 90 % is 3.29 spreads wide.
    let half = try scale([0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
    #expect(half.spread == 1 / 3.29)
    #expect(try scale([1, 2, 3], resolution: 50).spread == 50)
    let wild = try scale((0..<100).map { $0 == 99 ? 1e6 : Double($0 % 2) })
    #expect(wild.spread == wild.deviation / 10)
  }

  @Test func `the central ninety per cent are as measured`() throws {
    let scale = try scale((0...20).map { Double($0) * 1e305 })
    #expect(abs(scale.low / 1e305 - 1) < 1e-12 && abs(scale.high / 19e305 - 1) < 1e-12)
  }

  @Test func `shares of the tails count the value itself`() throws {
    let scale = try scale(Self.ties)
    for probe in [0, 1, 2, 3, 7, 20, 21.0] {
      let shares = scale.tailShares(probe)
      #expect(shares.lower == Double(1 + Self.ties.count { $0 <= probe }) / 10)
      #expect(shares.upper == Double(1 + Self.ties.count { $0 >= probe }) / 10)
    }
  }

  @Test func `three values make a scale, fewer none`() {
    #expect(ColumnScale(sorted: [], resolution: 1) == nil)
    #expect(ColumnScale(sorted: [1, 2], resolution: 1) == nil)
    #expect(ColumnScale(sorted: [1, 2, 3], resolution: 1) != nil)
  }
}

/// What holds for every column there can be.
struct ColumnScalePropertyTests {
  static let huge = Double.greatestFiniteMagnitude

  /// Columns of all shapes and sizes, ascending.
  static let columns: [[Double]] = {
    var generator = SplitMix64(seed: 2)
    let normal = (0..<40).map { _ in generator.normal() }.sorted()
    return [
      normal, normal.map { $0.rounded() }, normal.map { ($0 * 3).rounded() * 1e300 / 8 },
      normal.map { $0 * 1e300 }, normal.map { $0 * 1e-300 }, normal.map { $0 * 0x1p-1040 },
      normal.map { $0 * 0x1p400 }, normal.map { $0 * 0x1p-401 }, [1, 2, 3], [0, 0, 0], [7, 7, 7],
      [-7, -7, -7], [huge, huge, huge], [-huge, 0, huge], [-huge, -huge, huge, huge],
      [-huge, -1, 0, 1, huge], [0, 0, 0, .leastNonzeroMagnitude], [1, 1, 1, 1, 1, 1, huge],
      [.leastNonzeroMagnitude, .leastNonzeroMagnitude, .leastNonzeroMagnitude],
    ]
  }()

  private static let probes: [Double] = {
    let sizes = [
      0, .leastNonzeroMagnitude, 0x1p-1030, 1e-300, 1e-9, 0.3, 1, 1.5, 7, 8, 1e9, 1e299, 1e300,
      3e300, huge,
    ]
    return (sizes + sizes.map { -$0 }).sorted()
  }()

  @Test(arguments: Geometry.allCases)
  func `larger values never lie lower`(geometry: Geometry) throws {
    for column in Self.columns {
      let scale = try #require(ColumnScale(sorted: column, resolution: 1e-6))
      let own = column.flatMap { [$0.nextDown, $0, $0.nextUp] }.filter(\.isFinite)
      let probes = (Self.probes + own).sorted()
      for side in [FeatureTable.Side.low, .high, .both] {
        let places = probes.map { scale.lattice($0, in: geometry, side: side) }
        #expect(zip(places, places.dropFirst()).allSatisfy { $0 <= $1 }, "\(column)")
      }
    }
  }

  @Test(arguments: Geometry.allCases)
  func `every place is an integer within the lattice`(geometry: Geometry) throws {
    for column in Self.columns {
      for resolution in [1e-9, 1, 1e9] {
        let scale = try #require(ColumnScale(sorted: column, resolution: resolution))
        for value in Self.probes + column {
          let place = scale.lattice(value, in: geometry, side: .both)
          #expect(place.magnitude <= Lattice.limit && place == place.rounded(), "\(column)")
        }
        #expect(scale.lattice(.nan, in: geometry, side: .both) == 0)
      }
    }
  }

  @Test func `every number of a scale is finite, spread and deviation are positive`() throws {
    for column in Self.columns where (column[column.count - 1] - column[0]).isFinite {
      let scale = try #require(ColumnScale(sorted: column, resolution: 1e-6))
      let numbers = [
        scale.factor, scale.median, scale.spread, scale.mean, scale.deviation, scale.low,
        scale.high,
      ]
      #expect((numbers + scale.knots).allSatisfy { $0.isFinite }, "\(column)")
      #expect(scale.spread > 0 && scale.deviation > 0 && scale.factor > 0, "\(column)")
    }
  }

  @Test(arguments: Geometry.allCases)
  func `a quarter counts on the side that does not speak against a row`(geometry: Geometry) throws {
    let scale = try #require(ColumnScale(sorted: Self.columns[0], resolution: 1e-6))
    for value in stride(from: -4.0, through: 4, by: 0.125) {
      let both = scale.lattice(value, in: geometry, side: .both)
      let low = scale.lattice(value, in: geometry, side: .low)
      let high = scale.lattice(value, in: geometry, side: .high)
      #expect(both <= 0 ? low == both : abs(low - both / 4) <= 0.625)
      #expect(both >= 0 ? high == both : abs(high - both / 4) <= 0.625)
    }
  }

  @Test(arguments: [-900, -390, -20, 1, 30, 390, 900])
  func `a column's unit does not matter`(exponent: Int) throws {
    let unit = Double(sign: .plus, exponent: exponent, significand: 1)
    for column in Self.columns.prefix(2) {
      let scale = try #require(ColumnScale(sorted: column, resolution: 1e-3))
      let other = try #require(
        ColumnScale(sorted: column.map { $0 * unit }, resolution: 1e-3 * unit))
      for value in column + stride(from: -6.0, through: 6, by: 0.0625) {
        for geometry in Geometry.allCases {
          #expect(
            other.lattice(value * unit, in: geometry, side: .low)
              == scale.lattice(value, in: geometry, side: .low))
        }
      }
    }
  }

  @Test func `adding a constant to a column does not matter`() throws {
    var generator = SplitMix64(seed: 3)
    let column = (0..<64).map { _ in (generator.normal() * 100).rounded() }.sorted()
    let scale = try #require(ColumnScale(sorted: column, resolution: 1))
    for constant in [-1e6, 12_345, 0x1p40] {
      let moved = try #require(
        ColumnScale(sorted: column.map { $0 + constant }, resolution: 1))
      for value in stride(from: -500.0, through: 500, by: 7) {
        for geometry in Geometry.allCases {
          #expect(
            moved.lattice(value + constant, in: geometry, side: .both)
              == scale.lattice(value, in: geometry, side: .both))
        }
      }
    }
  }

  @Test(arguments: [7.0, -3, 0, 1e300, 1e-300])
  func `a column that never varies speaks of relative changes`(value: Double) throws {
    let scale = try #require(
      ColumnScale(sorted: [value, value, value, value], resolution: .leastNonzeroMagnitude))
    let unit = value == 0 ? 1 : value.magnitude
    for geometry in Geometry.allCases {
      #expect(scale.lattice(value, in: geometry, side: .both) == 0)
    }
    for steps in [-2, -1, 0.5, 1, 3.0] {
      let found = scale.lattice(value + steps * unit, in: .standardised, side: .both)
      #expect(abs(found - steps * Lattice.unit) <= 1)
    }
  }
}
