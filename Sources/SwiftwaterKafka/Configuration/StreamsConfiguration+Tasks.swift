internal import Dispatch
internal import Swiftwater

extension StreamsConfiguration {
    /// What tasks are to know of the settings, and of what their topology wants for itself.
    func taskSettings(of topology: Topology) -> TaskSettings {
        var settings = TaskSettings(applicationID: applicationID)
        settings.deserializationHandler = deserializationHandler
        settings.processingHandler = processingHandler
        settings.productionHandler = productionHandler
        settings.processorWrapper = processorWrapper
        settings.deadLetterTopic = deadLetterTopic
        settings.timestampExtractor = timestampExtractor
        settings.maxTaskIdle = maximumTaskIdle
        settings.isCachingEnabled = isCachingEnabled
        if metricsRecordingLevel == .debug { settings.stopwatch = { DispatchTime.now().uptimeNanoseconds } }
        topology.configuration.apply(to: &settings)
        return settings
    }
}
