using Google.Protobuf.WellKnownTypes;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Spec;
using HostAgent.Contracts.Failback.V1;

namespace HostAgent.Coordinator.Dispatch;

/// <summary>Builds the requests to an agent. The same intent gives an equal request, as the agent requires.</summary>
internal static class InitiationRequests
{
    /// <summary>The request of an initiation.</summary>
    public static InitiateFailbackRequest Of(StartOperation initiate, Guid campaign, CoordinatorInstance instance)
    {
        var request = new InitiateFailbackRequest
        {
            OperationId = initiate.OperationId.ToString("D"),
            VirtualMachineId = initiate.VirtualMachineId.ToString("D").ToUpperInvariant(),
            RecoveryPoint = RecoveryPoint(initiate.RecoveryPoint),
            Campaign = new CampaignContext
            {
                CampaignId = campaign.ToString("D"),
                ItemId = initiate.Item,
                Attempt = initiate.Attempt,
                Epoch = initiate.Epoch,
                CoordinatorInstance = instance.Id.ToString("D"),
            },
            SentBefore = initiate.IsRepetition ? Position(initiate.Journal) : null,
        };
        request.IgnoredChecks.AddRange(initiate.IgnoredChecks);
        if (initiate.ReplicationSettings != new ReplicationSettingsOverrides())
        {
            request.Overrides = Settings(initiate.ReplicationSettings);
        }

        return request;
    }

    /// <summary>An agent's journal position in the contract's terms; null for null.</summary>
    public static JournalPosition? Position(AgentJournal? journal) => journal is { } known
        ? new JournalPosition { JournalId = known.Id.ToString("D"), Commits = known.Commits, ClaimToken = known.Token.ToString("D") }
        : null;

    /// <summary>A recovery point in the contract's terms.</summary>
    public static RecoveryPointSelector RecoveryPoint(RecoveryPointChoice choice) => choice.Kind switch
    {
        RecoveryPointKind.Latest => new RecoveryPointSelector { Latest = true },
        RecoveryPointKind.LatestApplicationConsistent => new RecoveryPointSelector { LatestApplicationConsistent = true },
        RecoveryPointKind.NotAfter => new RecoveryPointSelector { NotAfter = choice.At!.Value.ToTimestamp() },
        _ => throw new ArgumentOutOfRangeException(nameof(choice), choice.Kind, "The recovery point is not mapped to the contract."),
    };

    private static ReplicationSettings Settings(ReplicationSettingsOverrides overrides)
    {
        var settings = new ReplicationSettings
        {
            AutoResynchronizeIntervalStart = overrides.AutoResynchronizeIntervalStart?.ToDuration(),
            AutoResynchronizeIntervalEnd = overrides.AutoResynchronizeIntervalEnd?.ToDuration(),
            ReplicationInterval = overrides.ReplicationInterval?.ToDuration(),
        };

        // Assigning to an optional field sets it, so unset fields must not be assigned.
        Set(overrides.AuthenticationType, value => settings.AuthenticationType = (AuthenticationType)value);
        SetText(overrides.CertificateThumbprint, value => settings.CertificateThumbprint = value);
        Set(overrides.CompressionEnabled, value => settings.CompressionEnabled = value);
        Set(overrides.BypassProxyServer, value => settings.BypassProxyServer = value);
        SetText(overrides.RecoveryConnectionPoint, value => settings.RecoveryConnectionPoint = value);
        Set(overrides.RecoveryServerPort, value => settings.RecoveryServerPort = (uint)value);
        Set(overrides.ReplicateHostKvpItems, value => settings.ReplicateHostKvpItems = value);
        Set(overrides.ApplicationConsistentSnapshotIntervalHours, value => settings.ApplicationConsistentSnapshotIntervalHours = (uint)value);
        Set(overrides.RecoveryHistory, value => settings.RecoveryHistory = (uint)value);
        Set(overrides.AutoResynchronizeEnabled, value => settings.AutoResynchronizeEnabled = value);
        SetText(overrides.AdditionalSettings, value => settings.AdditionalSettings = value);
        return settings;
    }

    private static void Set<T>(T? value, Action<T> assign)
        where T : struct
    {
        if (value is { } given)
        {
            assign(given);
        }
    }

    private static void SetText(string? value, Action<string> assign)
    {
        if (value is not null)
        {
            assign(value);
        }
    }
}
