using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Faults;
using Microsoft.Extensions.Logging;

namespace HostAgent.HyperV.Simulation.Tests.Methods;

public sealed class CheckLogTests
{
    [Fact]
    public async Task Each_call_is_logged_with_the_check_or_fault_that_decided()
    {
        var log = new Lines();
        var machine = Stage.Machine() with { Faults = [new AnswerFault(Failback.ReturnCode.Timeout) { Times = 1 }] };
        await using var stage = await Stage.OpenAsync(Stage.HostOf(machine), new SimulationOptions { Logger = log });
        await stage.InitiateAsync(point: "no such point");
        await stage.InitiateAsync();
        await stage.InitiateAsync();
        log.Written.Select(line => line.Event.Id).ShouldBe([3102, 3103, 3101]);
        log.Written.ShouldAllBe(line => line.Text.Contains("hv-west-01") && line.Text.Contains(machine.Id.ToString()));
        log.Written[0].Text.ShouldContain("32773 at check RecoveryPoint");
        log.Written[1].Text.ShouldContain("32772 because of fault vm#0");
    }

    private sealed class Lines : ILogger
    {
        public List<(EventId Event, string Text)> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Written.Add((eventId, formatter(state, exception)));
    }
}
