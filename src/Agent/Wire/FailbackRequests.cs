using System.Security.Cryptography;
using Google.Protobuf;
using HostAgent.Agent.Operations.Admission;
using HostAgent.Agent.Operations.Kinds;
using HostAgent.Agent.Operations.Kinds.Failbacks;
using HostAgent.Agent.Operations.Model;
using HostAgent.Agent.Operations.Recovery;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.Texts;
using HostAgent.Transport;
using JournalPosition = HostAgent.Agent.Operations.Model.JournalPosition;
using StoreTerm = HostAgent.Agent.Operations.Model.StoreTerm;

namespace HostAgent.Agent.Wire;

/// <summary>Reads InitiateFailbackRequest: from the wire with all its errors, and from the journal.</summary>
internal static class FailbackRequests
{
    private const int LongestItemId = 256;
    private const int MostIgnoredChecks = 64;
    private const int LongestStore = 128;

    /// <summary>Checks a request of the wire and makes it an operation request.</summary>
    /// <exception cref="RpcFailure">INVALID_REQUEST with every field that is wrong.</exception>
    public static OperationRequest Read(InitiateFailbackRequest request, IOperationKind kind, PeerIdentity caller)
    {
        var errors = new FieldErrors();
        var operationId = errors.Uuid("operation_id", request.OperationId);
        var machine = new VirtualMachineId(errors.Uuid("virtual_machine_id", request.VirtualMachineId));
        CheckSettings(request, machine, errors);
        _ = RecoveryPointSelectors.Read(request.RecoveryPoint, errors);
        var campaign = request.Campaign is null ? null : ReadCampaign(request.Campaign, caller, errors);
        var sentBefore = ReadPosition(request.SentBefore, errors);
        CheckIgnoredChecks(request, errors);
        errors.ThrowIfAny();

        var stored = request.Clone();
        stored.OperationId = operationId.ToString();
        stored.VirtualMachineId = machine.ToString();
        stored.SentBefore = null;
        if (campaign is not null)
        {
            stored.Campaign.CampaignId = campaign.CampaignId.ToString();
        }

        return new OperationRequest
        {
            OperationId = operationId,
            Kind = kind,
            VirtualMachineId = machine.ToString(),
            Request = stored.ToByteArray(),
            RequestHash = Hash(stored),
            Campaign = campaign,
            Claim = campaign is null ? null : new CampaignClaim(campaign.CampaignId, campaign.Epoch, caller.Uri, stored.Campaign.CoordinatorInstance),
            SentBefore = sentBefore,
            AcceptsJournalLoss = stored.IgnoredChecks.Contains(UnknownIdAfterJournalLossRule.AcceptedCheck),
            RequestedBy = caller.Actor,
        };
    }

    /// <summary>Checks a claim of the wire.</summary>
    /// <exception cref="RpcFailure">INVALID_REQUEST with every field that is wrong.</exception>
    public static CampaignClaim ReadClaim(ClaimCampaignRequest request, PeerIdentity caller)
    {
        var errors = new FieldErrors();
        var campaign = errors.Uuid("campaign_id", request.CampaignId);
        var instance = errors.Uuid("coordinator_instance", request.CoordinatorInstance);
        if (request.Epoch < 1)
        {
            errors.Add("epoch", $"is {request.Epoch}; it must be at least 1");
        }

        if (request.StoreTerm is { } term)
        {
            if (term.Store.Length is 0 or > LongestStore)
            {
                errors.Add("store_term.store", $"has {term.Store.Length} characters; it must have 1 to {LongestStore}");
            }

            if (term.Number < 1)
            {
                errors.Add("store_term.number", $"is {term.Number}; it must be at least 1");
            }
        }

        errors.ThrowIfAny();
        return new CampaignClaim(campaign, request.Epoch, caller.Uri, instance.ToString())
        {
            Term = request.StoreTerm is { } given ? new StoreTerm(given.Store, given.Number) : null,
        };
    }

    /// <summary>Reads the stored form, which was checked before it was stored.</summary>
    public static FailbackOrder ReadStored(ReadOnlyMemory<byte> stored)
    {
        var request = InitiateFailbackRequest.Parser.ParseFrom(stored.Span);
        var errors = new FieldErrors();
        return new FailbackOrder
        {
            VirtualMachine = VirtualMachineId.Parse(request.VirtualMachineId),
            RecoveryPoint = RecoveryPointSelectors.Read(request.RecoveryPoint, errors),
            Overrides = request.Overrides is null ? null : SettingOverrides.Read(request.Overrides, errors),
            SettingText = request.HasReplicationSettingData ? request.ReplicationSettingData : null,
            AcceptedChecks = [.. request.IgnoredChecks],
        };
    }

    // The epoch says who calls, not what for: the next owner of a campaign repeats a call under its own epoch and must be let in.
    private static byte[] Hash(InitiateFailbackRequest stored)
    {
        var asked = stored.Clone();
        if (asked.Campaign is not null)
        {
            asked.Campaign.Epoch = 0;
            asked.Campaign.CoordinatorInstance = string.Empty;
        }

        var checks = asked.IgnoredChecks.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        asked.IgnoredChecks.Clear();
        asked.IgnoredChecks.Add(checks);
        return SHA256.HashData(asked.ToByteArray());
    }

    private static void CheckSettings(InitiateFailbackRequest request, VirtualMachineId machine, FieldErrors errors)
    {
        if (request.Overrides is { } overrides)
        {
            _ = SettingOverrides.Read(overrides, errors);
        }
        else if (request.HasReplicationSettingData)
        {
            CheckSettingText(request.ReplicationSettingData, machine, errors);
        }
    }

    private static void CheckSettingText(string text, VirtualMachineId machine, FieldErrors errors)
    {
        const string Field = "replication_setting_data";
        if (System.Text.Encoding.UTF8.GetByteCount(text) is > CimXmlText.MaxLength and var size)
        {
            errors.Add(Field, $"has {size} bytes; it must have at most {CimXmlText.MaxLength}");
            return;
        }

        try
        {
            var settings = ReplicationSettingData.Parse(text);
            if (settings.VirtualSystemIdentifier is { Length: > 0 } owner && !string.Equals(owner, machine.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                errors.Add(Field, $"VirtualSystemIdentifier is '{VisibleText.Shortened(owner)}'; it must be virtual_machine_id");
            }
        }
        catch (Exception exception) when (exception is CimXmlException or CimDataException)
        {
            errors.Add(Field, exception.Message);
        }
    }

    /// <summary>Checks the field <c>sent_before</c> of the wire; null when it is not set.</summary>
    public static JournalPosition? ReadPosition(Contracts.Failback.V1.JournalPosition? position, FieldErrors errors)
    {
        if (position is null)
        {
            return null;
        }

        var journal = errors.Uuid("sent_before.journal_id", position.JournalId);
        if (position.Commits < 0)
        {
            errors.Add("sent_before.commits", $"is {position.Commits}; it must be at least 0");
        }

        return new JournalPosition(journal, position.Commits, errors.OptionalUuid("sent_before.claim_token", position.ClaimToken));
    }

    /// <summary>Checks the campaign of a request.</summary>
    public static CampaignReference ReadCampaign(CampaignContext campaign, PeerIdentity caller, FieldErrors errors)
    {
        if (caller.Role != PeerRole.Coordinator)
        {
            errors.Add("campaign", "is set; only a coordinator may start operations of a campaign");
        }

        if (campaign.CoordinatorInstance.Length > 0)
        {
            _ = errors.Uuid("campaign.coordinator_instance", campaign.CoordinatorInstance);
        }

        var id = errors.Uuid("campaign.campaign_id", campaign.CampaignId);
        if (campaign.ItemId.Length is 0 or > LongestItemId)
        {
            errors.Add("campaign.item_id", $"has {campaign.ItemId.Length} characters; it must have 1 to {LongestItemId}");
        }

        if (campaign.Attempt < 1)
        {
            errors.Add("campaign.attempt", $"is {campaign.Attempt}; it must be at least 1");
        }

        if (campaign.Epoch < 0)
        {
            errors.Add("campaign.epoch", $"is {campaign.Epoch}; it must be at least 0");
        }

        return new CampaignReference(id, campaign.ItemId, campaign.Attempt, campaign.Epoch);
    }

    private static void CheckIgnoredChecks(InitiateFailbackRequest request, FieldErrors errors)
    {
        if (request.IgnoredChecks.Count > MostIgnoredChecks)
        {
            errors.Add("ignored_checks", $"has {request.IgnoredChecks.Count} ids; it must have at most {MostIgnoredChecks}");
            return;
        }

        for (var i = 0; i < request.IgnoredChecks.Count; i++)
        {
            var id = request.IgnoredChecks[i];
            if (id.Length is 0 or > 64 || !id.All(character => character is >= 'A' and <= 'Z' or >= '0' and <= '9' or '_'))
            {
                errors.Add($"ignored_checks[{i}]", $"'{VisibleText.Shortened(id)}' is not the id of a check: 1 to 64 upper-case letters, digits and '_'");
            }
        }
    }
}
