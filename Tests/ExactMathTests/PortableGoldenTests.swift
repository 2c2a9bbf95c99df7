import ExactMath
import Testing

/// Results recorded as bit patterns: a change of any of them changes every digest computed
/// downstream. Each was within 1 ulp of the exact value (mpmath 1.3.0, 1500 bits) when recorded.
@Suite struct PortableGoldenTests {
  @Test(
    arguments: [
      (3e-308, 0xC086_20C7_E098_D3DC),
      (1e-10, 0xC037_069E_2AA2_AA5B),
      (0.1, 0xC002_6BB1_BBB5_5515),
      (0.5, 0xBFE6_2E42_FEFA_39EF),
      (0.9, 0xBFBA_F8E8_210A_415C),
      (1.0000001, 0x3E7A_D7F2_847B_6492),
      (1.5, 0x3FD9_F323_ECBF_984C),
      (2.0, 0x3FE6_2E42_FEFA_39EF),
      (3.0, 0x3FF1_93EA_7AAD_030A),
      (10.0, 0x4002_6BB1_BBB5_5516),
      (12345.678, 0x4022_D795_5979_1E31),
      (1e+300, 0x4085_9634_47F8_7FB5),
    ] as [(Double, UInt64)])
  func logHasTheseBits(x: Double, bits: UInt64) {
    #expect(Portable.log(x).bitPattern == bits)
  }

  @Test(
    arguments: [
      (-740.0, 0x0000_0000_0000_0055),
      (-100.0, 0x36EA_8C1F_14E2_AF5D),
      (-1.0, 0x3FD7_8B56_362C_EF38),
      (-0.1, 0x3FEC_F46D_99D5_2B3A),
      (-1e-09, 0x3FEF_FFFF_FF76_8FA1),
      (0.3, 0x3FF5_9905_8C8C_1A96),
      (0.5, 0x3FFA_6129_8E1E_069C),
      (1.0, 0x4005_BF0A_8B14_576A),
      (2.5, 0x4028_5D6F_D931_E0BB),
      (10.0, 0x40D5_829D_CF95_0560),
      (100.0, 0x48F3_494A_9B17_1BF5),
      (709.5, 0x7FE8_1E9B_4B52_D0C9),
    ] as [(Double, UInt64)])
  func expHasTheseBits(x: Double, bits: UInt64) {
    #expect(Portable.exp(x).bitPattern == bits)
  }

  @Test(
    arguments: [
      (1e-05, 0x3EE4_F8B5_88E1_E8A2),
      (0.1, 0x3FB9_8EAE_CB8B_CB2C),
      (0.7, 0x3FE4_9D6E_6946_19B8),
      (0.8, 0x3FE6_F494_C2BF_FECD),
      (1.0, 0x3FEA_ED54_8F09_0CEE),
      (2.0, 0x3FED_18F6_EAD1_B446),
      (3.0, 0x3FC2_1038_6DB6_D55B),
      (4.5, 0xBFEF_47ED_3DC7_4080),
      (6.0, 0xBFD1_E1F1_8AB0_A2C0),
      (-100.0, 0x3FE0_3425_B78C_4DB8),
      (99999.5, 0x3FE0_55F2_82F4_1BDA),
      (1e+22, 0xBFEB_453A_B76B_F397),
    ] as [(Double, UInt64)])
  func sinHasTheseBits(x: Double, bits: UInt64) {
    #expect(Portable.sin(x).bitPattern == bits)
  }

  @Test(
    arguments: [
      (1e-05, 0x3FEF_FFFF_FFF9_20C8),
      (0.1, 0x3FEF_D712_F9A8_17C1),
      (0.7, 0x3FE8_7996_529F_9D93),
      (0.8, 0x3FE6_4B6B_DE71_9865),
      (1.0, 0x3FE1_4A28_0FB5_068C),
      (2.0, 0xBFDA_A226_5753_7205),
      (3.0, 0xBFEF_AE04_BE85_E5D2),
      (4.5, 0xBFCA_FB5B_5458_3D6A),
      (6.0, 0x3FEE_B9B7_0978_22F5),
      (-100.0, 0x3FEB_981D_BF66_5FDF),
      (99999.5, 0xBFEB_8428_C9F6_9A31),
      (1e+22, 0x3FE0_BE2C_EF01_C8F4),
    ] as [(Double, UInt64)])
  func cosHasTheseBits(x: Double, bits: UInt64) {
    #expect(Portable.cos(x).bitPattern == bits)
  }

  @Test(
    arguments: [
      (1e-09, 0x3E11_2E0B_E826_D695),
      (0.001, 0x3F50_624D_A521_8B95),
      (0.1, 0x3FB9_8EB9_E7E5_FC3F),
      (0.5, 0x3FDE_CC2C_AEC5_160A),
      (1.0, 0x3FEC_3436_6179_D427),
      (1.9, 0x3FF6_5E33_88A0_3DC3),
      (2.1, 0x3FF7_CCBA_CD8B_C4E5),
      (10.0, 0x4007_FC5C_506D_2BDB),
      (-123.5, 0xC016_09A1_648F_DA88),
      (100000.0, 0x4028_6982_5A92_84F4),
      (1000000000.0, 0x4035_6A9A_0B23_D187),
      (1e+300, 0x4085_9BBF_D8B8_3E43),
    ] as [(Double, UInt64)])
  func asinhHasTheseBits(x: Double, bits: UInt64) {
    #expect(Portable.asinh(x).bitPattern == bits)
  }

  @Test(
    arguments: [
      (1e-300, 0xC042_8607_4064_C26E),
      (1e-20, 0xC022_8651_70B4_3A4B),
      (1e-09, 0xC017_FDC1_1F44_B5A7),
      (0.001, 0xC008_B8CB_B720_4470),
      (0.05, 0xBFFA_5152_0967_6ABD),
      (0.074, 0xBFF7_2567_AA9C_AEDA),
      (0.1, 0xBFF4_813C_36E2_6D34),
      (0.3, 0xBFE0_C7E3_9582_C5FA),
      (0.45, 0xBFC0_15AB_C78E_92CF),
      (0.6, 0x3FD0_36D6_C4A0_4B5A),
      (0.95, 0x3FFA_5152_0967_6AB8),
      (0.999, 0x4008_B8CB_B720_4470),
    ] as [(Double, UInt64)])
  func normalQuantileHasTheseBits(x: Double, bits: UInt64) {
    #expect(Portable.normalQuantile(x).bitPattern == bits)
  }

  @Test(
    arguments: [
      (1.0, 3.0, 0x3FD4_978F_A326_9EE1),
      (1.0, 2.0, 0x3FDD_AC67_0561_BB4F),
      (2.0, 3.0, 0x3FE2_D0EA_D606_6395),
      (1.0, 1.0, 0x3FE9_21FB_5444_2D18),
      (5.0, 4.0, 0x3FEC_AC7C_5784_6F9E),
      (7.0, 3.0, 0x3FF2_A78B_84FB_F5FC),
      (10.0, 1.0, 0x3FF7_89BD_2C16_0054),
      (1.0, -3.0, 0x4006_8F09_5FDF_593C),
      (3.0, -2.0, 0x4001_4538_5FA3_AF72),
      (-1.0, -7.0, 0xC007_FF60_67FC_C98A),
      (-9.0, 2.0, 0xBFF5_A250_5211_4E60),
      (1e-09, 1.0, 0x3E11_2E0B_E826_D695),
    ] as [(Double, Double, UInt64)])
  func atan2HasTheseBits(y: Double, x: Double, bits: UInt64) {
    #expect(Portable.atan2(y: y, x: x).bitPattern == bits)
  }
}
