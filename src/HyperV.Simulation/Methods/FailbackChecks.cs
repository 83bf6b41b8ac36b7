using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.HyperV.Simulation.Identifiers;
using HostAgent.HyperV.Simulation.World;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Methods;

/// <summary>The argument checks of InitiateFailback in a given order; the first one that fails decides.</summary>
internal sealed class FailbackChecks
{
    private readonly IReadOnlyList<FailbackCheck> _order;
    private readonly FailbackRules _rules;

    /// <summary>The checks of a host; the options override its description.</summary>
    public static FailbackChecks For(SimulatedHostDescription host, SimulationOptions options) => new(
        options.CheckOrder ?? host.CheckOrder ?? Enum.GetValues<FailbackCheck>(),
        options.Rules ?? FailbackRules.Default with
        {
            AllowedStates = host.FailbackStates is { } states ? [.. states] : FailbackRules.Default.AllowedStates,
            MustBeOff = host.FailbackNeedsOff,
        });

    /// <exception cref="ArgumentException">The order does not name every check exactly once.</exception>
    public FailbackChecks(IReadOnlyList<FailbackCheck> order, FailbackRules rules)
    {
        var all = Enum.GetValues<FailbackCheck>();
        if (!order.Order().SequenceEqual(all.Order()))
        {
            throw new ArgumentException(
                $"The order of checks is '{string.Join(", ", order)}'; it must name each of {string.Join(", ", all)} exactly once.", nameof(order));
        }

        _order = order;
        _rules = rules;
    }

    /// <summary>The first check that fails, with its refusal; null when all pass.</summary>
    public (FailbackCheck Check, Refusal Refusal)? FirstRefusal(HostWorld world, FailbackRequest request)
    {
        foreach (var check in _order)
        {
            if (Make(check, world, request) is { } refusal)
            {
                return (check, refusal);
            }
        }

        return null;
    }

    private static Refusal? CheckAccess(FailbackRequest request)
        => request.Machine?.Description.Faults.OfType<AccessDeniedFault>().Any() == true
            ? new Refusal(ReturnCode.AccessDenied, "the caller has no access to the virtual machine")
            : null;

    private static Refusal? CheckComputerSystem(FailbackRequest request) => request switch
    {
        { Machine: not null } => null,
        { MachinePath: null } => new Refusal(ReturnCode.InvalidParameter, "ComputerSystem is missing or not a path"),
        { MachinePath: { ClassName: var name } path } when IsMachineClass(name) && !IsHostItself(path) => new Refusal(
            ReturnCode.InvalidParameter, $"there is no object at {path}", CimErrorCode.NotFound),
        _ => new Refusal(ReturnCode.InvalidParameter, $"{request.MachinePath} is not a virtual machine"),
    };

    private static bool IsMachineClass(string name)
        => string.Equals(name, HyperVClasses.ComputerSystem, StringComparison.OrdinalIgnoreCase)
            || string.Equals(name, "CIM_ComputerSystem", StringComparison.OrdinalIgnoreCase);

    private static bool IsHostItself(CimObjectPath path) => !Guid.TryParseExact(path.Keys.GetValueOrDefault("Name") as string, "D", out _);

    private static Refusal? CheckSettingsText(FailbackRequest request) => request.SettingsProblem switch
    {
        null => null,
        CimXmlException { Problem: CimXmlProblem.WrongType } or CimDataException
            => new Refusal(ReturnCode.IncorrectDataType, request.SettingsProblem.Message),
        _ => new Refusal(ReturnCode.InvalidParameter, request.SettingsProblem.Message),
    };

    private static Refusal? CheckSettingsOwner(FailbackRequest request)
        => request is { Settings: { } settings, Machine: { } machine }
            && !string.Equals(settings.VirtualSystemIdentifier, CimText.Guid(machine.Id), StringComparison.OrdinalIgnoreCase)
                ? new Refusal(ReturnCode.InvalidParameter, $"the settings belong to '{settings.VirtualSystemIdentifier}'")
                : null;

    private Refusal? CheckMode(FailbackRequest request)
        => request.Machine is { Mode: var mode } && !_rules.AllowedModes.Contains(mode)
            ? new Refusal(ReturnCode.InvalidState, $"the replication mode is {Numbered.Text(mode)}")
            : null;

    private static Refusal? CheckNotBusy(FailbackRequest request)
        => request.Machine?.BusyJob is { } job
            ? new Refusal(ReturnCode.SystemInUse, $"job {CimText.Guid(job.Id)} of type {Numbered.Text(job.Type)} is running on the virtual machine")
            : null;

    private static Refusal? CheckProviderSupport(HostWorld world)
        => world.Description.ProviderSupportsFailback ?? world.Description.Provider == ReplicationProviderKind.External
            ? null
            : new Refusal(ReturnCode.NotSupported, $"the provider ({world.Description.Provider}) does not support failback");

    private static Refusal? CheckProviderReach(HostWorld world)
        => world.Description.PrimarySiteReachable
            ? null
            : new Refusal(ReturnCode.SystemNotAvailable, $"the primary site {world.Description.PrimarySite} cannot be reached");

    private static Refusal? CheckRecoveryPoint(FailbackRequest request)
        => request is { Machine: not null, RecoveryPointId: { } id, RecoveryPoint: null }
            ? new Refusal(ReturnCode.InvalidParameter, $"there is no recovery point '{id}'")
            : null;

    private Refusal? Make(FailbackCheck check, HostWorld world, FailbackRequest request) => check switch
    {
        FailbackCheck.Access => CheckAccess(request),
        FailbackCheck.ComputerSystem => CheckComputerSystem(request),
        FailbackCheck.SettingsText => CheckSettingsText(request),
        FailbackCheck.SettingsOwner => CheckSettingsOwner(request),
        FailbackCheck.Mode => CheckMode(request),
        FailbackCheck.NotBusy => CheckNotBusy(request),
        FailbackCheck.State => CheckState(request),
        FailbackCheck.ProviderSupport => CheckProviderSupport(world),
        FailbackCheck.ProviderReach => CheckProviderReach(world),
        FailbackCheck.RecoveryPoint => CheckRecoveryPoint(request),
        _ => throw new ArgumentOutOfRangeException(nameof(check), check, "Unknown check."),
    };

    private Refusal? CheckState(FailbackRequest request) => request.Machine switch
    {
        null => null,
        { Power: not EnabledState.Off and var power } when _rules.MustBeOff
            => new Refusal(ReturnCode.InvalidState, $"the virtual machine is {Numbered.Text(power)}, not off"),
        { ReplicationState: var state } when !_rules.AllowedStates.Contains(state)
            => new Refusal(ReturnCode.InvalidState, $"the replication state is {Numbered.Text(state)}"),
        _ => null,
    };
}
