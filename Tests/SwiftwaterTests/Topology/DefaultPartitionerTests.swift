import Swiftwater
import Testing

@Suite struct DefaultPartitionerTests {
    /// Hashes that Apache Kafka's clients give for these texts.
    @Test(arguments: [
        ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
        ("a-little-bit-longer-string", -1_486_304_829), ("abc", 479_470_107),
        ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
    ])
    func `F-01 keys go where Kafka's Java client sends them`(text: String, hash: Int) {
        let partition = Array(text.utf8).withUnsafeBytes { DefaultPartitioner.partition(of: $0, count: 64) }
        #expect(partition == Int32((hash & 0x7fff_ffff) % 64))
    }
}
