import Testing

@testable import SwiftwaterKafka

struct StrideTests {
    @Test func `R-01 fast functions get long strides, up to a limit`() {
        var stride = Stride()
        for _ in 0..<20 { stride.adapt(to: .milliseconds(1)) }
        #expect(stride.records == 2_000)
    }

    @Test func `R-01 slow functions get short ones, and always one`() {
        var stride = Stride()
        for _ in 0..<20 { stride.adapt(to: .seconds(1)) }
        #expect(stride.records == 1)
    }

    @Test func `what takes about the aim stays`() {
        var stride = Stride()
        let before = stride.records
        stride.adapt(to: .milliseconds(30))
        #expect(stride.records == before)
    }
}
