using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Tests.Fixtures;

/// <summary>Keeps what the product logs.</summary>
internal sealed class CollectedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<LogLine> _lines = new();

    public IReadOnlyCollection<LogLine> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _lines);

    public void Dispose()
    {
    }

    internal sealed record LogLine(string Category, int EventId, LogLevel Level, string Message, Exception? Exception);

    private sealed class Logger(string category, ConcurrentQueue<LogLine> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => lines.Enqueue(new LogLine(category, eventId.Id, logLevel, formatter(state, exception), exception));
    }
}

/// <summary>What a test expects of the log.</summary>
internal static class LogExpectations
{
    /// <summary>The one line with this event id.</summary>
    public static CollectedLog.LogLine ShouldHaveSingleItemWith(this IReadOnlyCollection<CollectedLog.LogLine> lines, int eventId)
        => lines.Where(line => line.EventId == eventId).ToList().ShouldHaveSingleItem();
}
