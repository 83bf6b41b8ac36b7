using System.Security.Cryptography;
using Google.Protobuf;
using HostAgent.Agent.MachineReads;
using HostAgent.Agent.Operations.Admission;
using HostAgent.Agent.Operations.Kinds.Steps;
using HostAgent.Agent.Operations.Model;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.HomeReadiness;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.Texts;
using HostAgent.Transport;
using Domain = HostAgent.HyperV;

namespace HostAgent.Agent.Wire;

/// <summary>Reads StartOperationRequest: from the wire with all its errors, and from the journal.</summary>
internal static class OperationRequests
{
    private const int LongestIdentifier = 256;
    private const int LongestAdapter = 512;
    private const int LongestSwitch = 256;
    private const int LongestHostName = 255;
    private const int LongestStatement = 1024;
    private static readonly OperationKind[] AdapterKinds = [OperationKind.ConnectNetwork, OperationKind.SetAdapterVlan, OperationKind.SetAdapterMac];
    private static readonly TimeSpan ShortestShutdown = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestShutdown = TimeSpan.FromHours(6);
    private static readonly TimeSpan DefaultShutdown = TimeSpan.FromMinutes(10);

    /// <summary>Checks a request of the wire and makes it an operation request.</summary>
    /// <exception cref="RpcFailure">INVALID_REQUEST with every field that is wrong.</exception>
    public static OperationRequest Read(StartOperationRequest request, IReadOnlyDictionary<string, StepKind> kinds, PeerIdentity caller)
    {
        var errors = new FieldErrors();
        var operationId = errors.Uuid("operation_id", request.OperationId);
        var machine = new VirtualMachineId(errors.Uuid("virtual_machine_id", request.VirtualMachineId));
        var name = NameOf(request.Kind);
        if (!kinds.TryGetValue(name, out var kind))
        {
            errors.Add("kind", $"is {(request.Kind == OperationKind.Failback ? "FAILBACK, which Failback.InitiateFailback starts" : $"{(int)request.Kind}")}; it must be one of {string.Join(", ", kinds.Keys.Select(known => known.ToUpperInvariant().Replace('-', '_')))}");
        }

        var campaign = request.Campaign is null ? null : FailbackRequests.ReadCampaign(request.Campaign, caller, errors);
        CheckTicket(request, kind, errors);
        _ = Order(request, errors);
        CheckFields(request, errors);
        errors.ThrowIfAny();

        var stored = request.Clone();
        stored.OperationId = operationId.ToString();
        stored.VirtualMachineId = machine.ToString();
        if (campaign is not null)
        {
            stored.Campaign.CampaignId = campaign.CampaignId.ToString();
        }

        return new OperationRequest
        {
            OperationId = operationId,
            Kind = kind!,
            VirtualMachineId = machine.ToString(),
            Request = stored.ToByteArray(),
            RequestHash = Hash(stored),
            Campaign = campaign,
            Claim = campaign is null ? null : new CampaignClaim(campaign.CampaignId, campaign.Epoch, caller.Uri, stored.Campaign.CoordinatorInstance),
            RequestedBy = caller.Actor,
        };
    }

    /// <summary>Reads the stored form, which was checked before it was stored.</summary>
    public static StepOrder ReadStored(ReadOnlyMemory<byte> stored)
    {
        var request = StartOperationRequest.Parser.ParseFrom(stored.Span);
        return Order(request, new FieldErrors()) with
        {
            VirtualMachine = VirtualMachineId.Parse(request.VirtualMachineId),
            Ticket = request.Ticket is not { } ticket ? null : new StepTicket(Guid.Parse(ticket.FactsId), ticket.ValidFor.ToTimeSpan(), PeerText(ticket.Peer)),
            TestMachine = request.TestMachineId.Length == 0 ? null : VirtualMachineId.Parse(request.TestMachineId),
        };
    }

    /// <summary>The name of a kind in the journal, such as <c>shut-down-guest</c>.</summary>
    public static string NameOf(OperationKind kind) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());

    private static StepOrder Order(StartOperationRequest request, FieldErrors errors) => new()
    {
        VirtualMachine = default,
        Expected = request.Expected is not { } expected ? null : ReadExpected("expected", expected, errors),
        Settings = request.Settings is not { } settings ? null : SettingOverrides.Read(settings, errors),
        Force = request.Force,
        ShutdownTimeout = errors.Span("shutdown_timeout", request.ShutdownTimeout) ?? DefaultShutdown,
        InitialCopy = request.InitialCopy == InitialCopy.Network ? InitialReplicationType.Network : InitialReplicationType.Seeded,
        RecoveryPointIdentifier = request.RecoveryPointIdentifier.Length == 0 ? null : request.RecoveryPointIdentifier,
        NetworkAdapter = request.NetworkAdapter.Length == 0 ? null : request.NetworkAdapter,
        VirtualSwitch = request.VirtualSwitch.Length == 0 ? null : request.VirtualSwitch,
        AccessVlan = (int)Math.Min(request.AccessVlan, int.MaxValue),
        MacAddress = AdapterMac.Read(request.MacAddress),
        FailoverAdapters = FailoverNetworkMessages.Read(request.FailoverAdapters, errors),
    };

    private static MachineShown ReadExpected(string field, ExpectedState expected, FieldErrors errors)
    {
        var power = MachineMessages.EnabledStateOf(expected.PowerState);
        if (power is null)
        {
            errors.Add($"{field}.power_state", $"is {(int)expected.PowerState}; it must be a published power state");
        }

        return new MachineShown(Known<ReplicationState, Domain.Replication.ReplicationState>($"{field}.replication_state", expected.ReplicationState, errors))
        {
            Mode = Known<ReplicationMode, Domain.Replication.ReplicationMode>($"{field}.replication_mode", expected.ReplicationMode, errors),
            Power = power,
        };
    }

    private static TTo? Known<TFrom, TTo>(string field, TFrom value, FieldErrors errors)
        where TFrom : struct, Enum
        where TTo : struct, Enum
    {
        if (Enum.TryParse<TTo>(value.ToString(), out var known) && Enum.IsDefined(known))
        {
            return known;
        }

        errors.Add(field, $"is {value:D}; it must be a published {typeof(TFrom).Name}");
        return null;
    }

    private static void CheckTicket(StartOperationRequest request, StepKind? kind, FieldErrors errors)
    {
        if (kind is null)
        {
            return;
        }

        var expected = request.Expected?.ReplicationMode == ReplicationMode.TestReplica ? Domain.Replication.ReplicationMode.TestReplica : (Domain.Replication.ReplicationMode?)null;
        if (request.Ticket is null ? kind.NeedsTicket(expected) : !kind.TakesTicket)
        {
            errors.Add("ticket", kind.TakesTicket ? $"is required for {kind.Name}" : $"is set; {kind.Name} takes none");
        }

        if (request.Ticket is not { } ticket)
        {
            return;
        }

        _ = errors.Uuid("ticket.facts_id", ticket.FactsId);
        if (errors.Span("ticket.valid_for", ticket.ValidFor) is not { } valid || valid <= TimeSpan.Zero || valid > FactsTickets.Longest)
        {
            errors.Add("ticket.valid_for", $"is {ticket.ValidFor?.ToString() ?? "not set"}; it must be above 0 and at most {FactsTickets.Longest.TotalSeconds} s");
        }

        if (ticket.Peer is null || ticket.Peer.Host.Length is 0 or > LongestHostName)
        {
            errors.Add("ticket.peer.host", $"has {ticket.Peer?.Host.Length ?? 0} characters; it must have 1 to {LongestHostName}");
        }

        if (ticket.Peer?.Statement.Length > LongestStatement)
        {
            errors.Add("ticket.peer.statement", $"has {ticket.Peer.Statement.Length} characters; it must have at most {LongestStatement}");
        }
    }

    private static void CheckFields(StartOperationRequest request, FieldErrors errors)
    {
        Only(request.Force || request.ShutdownTimeout is not null, "force and shutdown_timeout", OperationKind.ShutDownGuest);
        Only(request.InitialCopy != InitialCopy.Unspecified, "initial_copy", OperationKind.StartReplication);
        Only(request.Settings is not null, "settings", OperationKind.ReverseReplication, OperationKind.RestoreSettings);
        Only(request.RecoveryPointIdentifier.Length > 0, "recovery_point_identifier", OperationKind.FailOver, OperationKind.TestFailover);
        Only(request.TestMachineId.Length > 0, "test_machine_id", OperationKind.EndTestFailover);
        Only(request.NetworkAdapter.Length > 0, "network_adapter", AdapterKinds);
        Only(request.VirtualSwitch.Length > 0, "virtual_switch", OperationKind.ConnectNetwork);
        Only(request.AccessVlan > 0, "access_vlan", OperationKind.SetAdapterVlan);
        Only(request.MacAddress.Length > 0, "mac_address", OperationKind.SetAdapterMac);
        Only(request.FailoverAdapters.Count > 0, "failover_adapters", OperationKind.SetFailoverNetwork);
        FailoverNetworkMessages.CheckCount(request.FailoverAdapters.Count, request.Kind == OperationKind.SetFailoverNetwork, errors);
        Fits(AdapterKinds.Contains(request.Kind) ? 1 : 0, request.NetworkAdapter, LongestAdapter, "network_adapter");
        Fits(0, request.VirtualSwitch, LongestSwitch, "virtual_switch");
        if (request.AccessVlan > AdapterVlan.HighestId)
        {
            errors.Add("access_vlan", $"is {request.AccessVlan}; it must be 1 to {AdapterVlan.HighestId}, or 0 for untagged");
        }

        if (request.Kind == OperationKind.SetAdapterMac && AdapterMac.Read(request.MacAddress) is null)
        {
            errors.Add("mac_address", $"'{VisibleText.Shortened(request.MacAddress)}' is not a MAC address of an adapter; it must be 12 hexadecimal digits such as 00155D010203, not zero and not the address of a group");
        }

        if (new FieldErrors().Span("shutdown_timeout", request.ShutdownTimeout) is { } timeout && (timeout < ShortestShutdown || timeout > LongestShutdown))
        {
            errors.Add("shutdown_timeout", $"is {timeout.TotalSeconds:0} s; it must be 10 s to 6 h");
        }

        if (request.Kind == OperationKind.StartReplication && request.InitialCopy is not (InitialCopy.Network or InitialCopy.Seeded))
        {
            errors.Add("initial_copy", $"is {(int)request.InitialCopy}; it must be NETWORK or SEEDED");
        }

        if (request.RecoveryPointIdentifier.Length > LongestIdentifier)
        {
            errors.Add("recovery_point_identifier", $"has {request.RecoveryPointIdentifier.Length} characters; it must have at most {LongestIdentifier}");
        }

        if (request.Kind == OperationKind.EndTestFailover)
        {
            _ = errors.Uuid("test_machine_id", request.TestMachineId);
        }

        void Fits(int shortest, string text, int longest, string field)
        {
            if (text.Length < shortest || text.Length > longest)
            {
                errors.Add(field, $"has {text.Length} characters; it must have {shortest} to {longest}");
            }
        }

        void Only(bool set, string field, params ReadOnlySpan<OperationKind> kinds)
        {
            if (set && !kinds.Contains(request.Kind))
            {
                errors.Add(field, $"is set; {NameOf(request.Kind)} does not take it");
            }
        }
    }

    private static string PeerText(PeerState? peer) => peer is null ? "" : $"{peer.Host}: {(peer.Present ? $"{peer.State?.ReplicationMode}/{peer.State?.ReplicationState}/{peer.State?.PowerState}" : "absent")}{(peer.StatedOff ? ", stated to be off" : "")}{(peer.Statement.Length > 0 ? $" by {peer.Statement}" : "")}";

    // A repetition of the call is the same step, with whatever ticket: the first one was judged by its own.
    private static byte[] Hash(StartOperationRequest stored)
    {
        var asked = stored.Clone();
        asked.Ticket = null;
        asked.Expected = null;
        if (asked.Campaign is not null)
        {
            asked.Campaign.Epoch = 0;
            asked.Campaign.CoordinatorInstance = string.Empty;
        }

        return SHA256.HashData(asked.ToByteArray());
    }
}
