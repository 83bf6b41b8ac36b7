using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>The published values of Msvm_HeartbeatComponent.OperationalStatus that the simulation shows.</summary>
internal enum HeartbeatStatus : ushort
{
    Ok = 2,
    NoContact = 12,
    LostContact = 13,
    Paused = 15,
    ApplicationCritical = 32782,
}

/// <summary>What the integration services know of a machine's guest: a function of its description, its power state and the time.</summary>
internal static class GuestState
{
    /// <summary>Whether the host has the integration services' devices: while the machine is not off.</summary>
    public static bool HasServices(VirtualMachine machine) => machine.Power is EnabledState.Running or EnabledState.Paused or EnabledState.Stopping;

    /// <summary>The operational status of the heartbeat: the service, and the application in the guest once there is contact.</summary>
    public static IReadOnlyList<HeartbeatStatus> HeartbeatOf(VirtualMachine machine, HostWorld world) => (machine.Power, machine.Description.Guest) switch
    {
        (EnabledState.Paused, _) => [HeartbeatStatus.Paused],
        (_, { BootFails: true } or { IntegrationServices: false }) => [HeartbeatStatus.NoContact],
        (_, var guest) when RunTime(machine, world) is { } time && time < guest.BootTime => [HeartbeatStatus.NoContact],
        (_, { HangsAfter: { } limit }) when RunTime(machine, world) is not { } time || time >= limit => [HeartbeatStatus.LostContact],
        (_, { ApplicationCritical: true }) => [HeartbeatStatus.Ok, HeartbeatStatus.ApplicationCritical],
        _ => [HeartbeatStatus.Ok, HeartbeatStatus.Ok],
    };

    public static string TextOf(HeartbeatStatus status) => status switch
    {
        HeartbeatStatus.NoContact => "No Contact",
        HeartbeatStatus.LostContact => "Lost Communication",
        HeartbeatStatus.Paused => "Paused",
        HeartbeatStatus.ApplicationCritical => "Application critical state",
        _ => "OK",
    };

    // In host time; null for a machine that ran when the simulation began, which has booted long ago.
    private static TimeSpan? RunTime(VirtualMachine machine, HostWorld world)
        => machine.HasChangedPower ? (world.NowTime - machine.PowerSince) * world.Pace.Speed : null;
}
