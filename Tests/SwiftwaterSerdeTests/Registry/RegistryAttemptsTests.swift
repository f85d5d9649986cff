import Testing

@testable import SwiftwaterSchemaRegistry

@Suite struct RegistryAttemptsTests {
    private func configuration(_ urls: Int, retries: Int) -> SchemaRegistryConfiguration {
        var configuration = SchemaRegistryConfiguration(urls: (0..<urls).map { "http://registry-\($0)" })
        configuration.retries = retries
        configuration.retryBackoff = .milliseconds(100)
        configuration.maximumRetryBackoff = .milliseconds(300)
        return configuration
    }

    @Test func `X-06 the other registries are asked at once, then all again after waits that grow`() {
        var attempts = RegistryAttempts(configuration(3, retries: 3), first: 1)
        #expect(attempts.firstURL == 1)
        let actions = (0..<12).map { _ in attempts.failed(left: .seconds(60), chance: 0) }
        #expect(
            actions == [
                .ask(2, after: .zero), .ask(0, after: .zero),
                .ask(1, after: .milliseconds(100)), .ask(2, after: .zero), .ask(0, after: .zero),
                .ask(1, after: .milliseconds(200)), .ask(2, after: .zero), .ask(0, after: .zero),
                .ask(1, after: .milliseconds(300)), .ask(2, after: .zero), .ask(0, after: .zero),
                .giveUp,
            ])
    }

    @Test func `X-06 a wait is up to a fifth shorter, so that applications do not come all at once`() {
        var attempts = RegistryAttempts(configuration(1, retries: 1), first: 0)
        #expect(attempts.failed(left: .seconds(60), chance: 1) == .ask(0, after: .milliseconds(80)))
    }

    @Test func `X-06 what would come too late is not tried`() {
        var attempts = RegistryAttempts(configuration(1, retries: 9), first: 0)
        #expect(attempts.failed(left: .milliseconds(100), chance: 0) == .giveUp)
        var others = RegistryAttempts(configuration(2, retries: 9), first: 0)
        #expect(others.failed(left: .milliseconds(1), chance: 0) == .ask(1, after: .zero))
        #expect(others.failed(left: .zero, chance: 0) == .giveUp)
    }
}
