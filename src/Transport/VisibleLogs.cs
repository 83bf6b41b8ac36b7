using HostAgent.Texts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HostAgent.Transport;

/// <summary>
/// Logs without hidden characters. Names, certificate subjects and reasons come from outside; escaped, a log line stays one line and
/// cannot move the cursor.
/// </summary>
public static class VisibleLogs
{
    /// <summary>Escapes everything that the application's loggers write. Call it after logging has been added.</summary>
    /// <param name="services">The application's services.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddVisibleLogs(this IServiceCollection services)
    {
        services.AddSingleton<LoggerFactory>();
        return services.AddSingleton<ILoggerFactory>(provider => new Factory(provider.GetRequiredService<LoggerFactory>()));
    }

    private sealed class Factory(ILoggerFactory inner) : ILoggerFactory
    {
        public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

        public ILogger CreateLogger(string categoryName) => new Logger(inner.CreateLogger(categoryName));

        public void Dispose()
        {
            // The container created the inner factory and disposes it.
        }
    }

    private sealed class Logger(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => inner.Log(logLevel, eventId, state, exception is null ? null : new VisibleException(exception), (what, _) => VisibleText.Line(formatter(what, exception)));
    }

    /// <summary>An exception as the log shows it: its message escaped, its stack trace on lines of its own.</summary>
    private sealed class VisibleException(Exception told) : Exception(VisibleText.Line(told.Message))
    {
        public override string? StackTrace => told.StackTrace;

        public override string ToString() => Describe(told);

        private static string Describe(Exception exception)
        {
            var inner = exception is AggregateException several ? several.InnerExceptions : exception.InnerException is { } one ? [one] : [];
            return string.Join(
                Environment.NewLine,
                [
                    $"{exception.GetType().FullName}: {VisibleText.Line(exception.Message)}",
                    .. inner.Select(cause => $" ---> {Describe(cause)}"),
                    .. exception.StackTrace is { } trace ? new[] { VisibleText.Lines(trace) } : [],
                ]);
        }
    }
}
