using HostAgent.Agent.MachineReads;
using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.VirtualMachines;
using Cause = HostAgent.Contracts.Failback.V1.StopCause;
using StopCause = HostAgent.Agent.MachineReads.StopCause;

namespace HostAgent.Agent.Tests.Service;

/// <summary>Why a machine last stopped is told by what was seen, and kept over restarts.</summary>
public sealed class MachineRunTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(-60, 30, false, StopCause.Guest)]
    [InlineData(-60, 30, true, StopCause.Ours)]
    [InlineData(20, 15, false, StopCause.HostDown)]
    [InlineData(20, 21, false, StopCause.HostDown)]
    // It was started after the host, unseen, and stopped again.
    [InlineData(20, 50, false, StopCause.Unknown)]
    [InlineData(null, 30, false, StopCause.Unknown)]
    internal void Cause_follows_from_the_run_and_the_start_of_the_host(int? bootMinute, int stopMinute, bool own, StopCause expected)
    {
        var running = new MachineRun().Seen(EnabledState.Running, Noon, booted: null, stoppedByOwn: false);

        var stopped = running.Seen(EnabledState.Off, Noon.AddMinutes(stopMinute), bootMinute is { } minute ? Noon.AddMinutes(minute) : null, own);

        stopped.ShouldBe(new MachineRun(Noon, Noon.AddMinutes(stopMinute), expected));
        // The same look again is no other stop; a run that nobody saw has no cause.
        stopped.Seen(EnabledState.Off, stopped.LastStop, Noon.AddDays(1), stoppedByOwn: false).ShouldBe(stopped);
        stopped.Seen(EnabledState.Off, Noon.AddDays(2), Noon.AddDays(1), stoppedByOwn: false).Cause.ShouldBe(StopCause.Unknown);
    }

    [Theory]
    [InlineData(true, Cause.HostDown)]
    [InlineData(false, Cause.Ours)]
    public async Task Stop_is_told_with_its_cause_also_after_a_restart(bool powerFails, Cause expected)
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1) with { Power = EnabledState.Running }));
        var running = await FactsAsync(agent);
        (running.LastStartTime, running.StopCause).ShouldBe((running.PowerSince, Cause.Unspecified));

        if (powerFails)
        {
            agent.Host.FailPower();
            agent.Host.ReturnPower();
        }
        else
        {
            (await agent.Steps.StartAsync(Calls.Step(OperationKind.TurnOff, Stage.Id(1)))).Failure.ShouldBeNull();
        }

        await agent.RestartAsync();
        var off = await FactsAsync(agent);
        (off.VirtualMachine.PowerState, off.LastStartTime, off.LastStopTime, off.StopCause).ShouldBe((PowerState.Off, running.LastStartTime, off.PowerSince, expected));
        await agent.RestartAsync();
        (await FactsAsync(agent)).StopCause.ShouldBe(expected);
        off.HostBootTime.ShouldNotBeNull();
        off.HostTime.ShouldNotBeNull().ShouldBeGreaterThan(off.HostBootTime);
    }

    private static async Task<MachineFacts> FactsAsync(AgentUnderTest agent)
        => await agent.Steps.GetMachineFactsAsync(new GetMachineFactsRequest { VirtualMachineId = Stage.Id(1).ToString() }, deadline: Calls.Deadline);
}
