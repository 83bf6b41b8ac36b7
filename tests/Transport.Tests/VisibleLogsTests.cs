using HostAgent.Texts;
using HostAgent.Transport.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Tests;

/// <summary>A certificate that nobody signed wrote lines and terminal commands of its own into the log.</summary>
public sealed class VisibleLogsTests
{
    private const string Subject = "CN=x\nwarn: FORGED\r\u001B]0;title\u0007\u009B2J\u0085\u2028\u202E\u200B";

    [Fact]
    public void Whatever_the_template_a_line_stays_a_line()
    {
        var logged = Log(logger => logger.LogWarning("Refused {Subject}", Subject));
        logged.ShouldBe("Refused CN=x\\u000Awarn: FORGED\\u000D\\u001B]0;title\\u0007\\u009B2J\\u0085\\u2028\\u202E\\u200B");
    }

    [Fact]
    public void An_exception_has_no_lines_but_those_of_its_trace()
    {
        var logged = Log(logger =>
        {
            try
            {
                Throw();
            }
            catch (InvalidOperationException exception)
            {
                logger.LogError(exception, "Failed");
            }
        });
        logged.ShouldStartWith("Failed\nSystem.InvalidOperationException: CN=x\\u000Awarn: FORGED");
        logged.ShouldContain("\n ---> System.FormatException: CN=x\\u000A");
        logged.ShouldContain("   at HostAgent.Transport.Tests.VisibleLogsTests.Throw()");
        logged.EnumerateRunes().ShouldAllBe(rune => rune.Value == '\n' || VisibleText.IsVisible(rune));
        logged.Split('\n').ShouldAllBe(line => !line.StartsWith("warn:"));
    }

    [Fact]
    public void Nothing_below_a_warning_is_logged_of_each_message()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(new Remembering());
        builder.Services.AddSecuredGrpc();
        using var application = builder.Build();
        var logger = application.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Grpc.AspNetCore.Server.ServerCallHandler");

        Enum.GetValues<LogLevel>().Where(level => level != LogLevel.None && logger.IsEnabled(level)).ShouldBe([LogLevel.Warning, LogLevel.Error, LogLevel.Critical], ignoreOrder: true);
    }

    private static void Throw() => throw new InvalidOperationException(Subject, new FormatException(Subject));

    private static string Log(Action<ILogger> act)
    {
        var provider = new Remembering();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(provider);
        builder.Services.AddVisibleLogs();
        using var application = builder.Build();
        act(application.Services.GetRequiredService<ILogger<VisibleLogsTests>>());
        return provider.Text;
    }

    private sealed class Remembering : ILoggerProvider, ILogger
    {
        public string Text { get; private set; } = string.Empty;

        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Text += (Text.Length > 0 ? "\n" : string.Empty) + formatter(state, exception) + (exception is null ? string.Empty : "\n" + exception.ToString().ReplaceLineEndings("\n"));
    }
}
