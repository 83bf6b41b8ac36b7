using System.Security.Cryptography;
using Google.Protobuf;
using HostAgent.Agent.Failbacks;
using HostAgent.Agent.Operations;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.Transport;

namespace HostAgent.Agent.Wire;

/// <summary>Reads InitiateFailbackRequest: from the wire with all its mistakes, and from the journal.</summary>
internal static class FailbackRequests
{
    private const int LongestItemId = 256;
    private const int MostIgnoredChecks = 64;

    /// <summary>Checks a request of the wire and makes it an operation request.</summary>
    /// <exception cref="RpcFailure">INVALID_REQUEST with every field that is wrong.</exception>
    public static OperationRequest Read(InitiateFailbackRequest request, IOperationKind kind, string requestedBy)
    {
        var mistakes = new FieldMistakes();
        var operationId = mistakes.Uuid("operation_id", request.OperationId);
        var machine = new VirtualMachineId(mistakes.Uuid("virtual_machine_id", request.VirtualMachineId));
        CheckSettings(request, machine, mistakes);
        _ = RecoveryPointSelectors.Read(request.RecoveryPoint, mistakes);
        var campaign = request.Campaign is null ? null : ReadCampaign(request.Campaign, mistakes);
        CheckIgnoredChecks(request, mistakes);
        mistakes.ThrowIfAny();

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
            Kind = kind,
            VirtualMachineId = machine.ToString(),
            Request = stored.ToByteArray(),
            RequestHash = Hash(stored),
            Campaign = campaign,
            AcceptsJournalLoss = stored.IgnoredChecks.Contains(LostOperationRule.AcceptedCheck),
            RequestedBy = requestedBy,
        };
    }

    /// <summary>Reads the stored form, which was checked before it was stored.</summary>
    public static FailbackOrder ReadStored(ReadOnlyMemory<byte> stored)
    {
        var request = InitiateFailbackRequest.Parser.ParseFrom(stored.Span);
        var mistakes = new FieldMistakes();
        return new FailbackOrder
        {
            VirtualMachine = VirtualMachineId.Parse(request.VirtualMachineId),
            RecoveryPoint = RecoveryPointSelectors.Read(request.RecoveryPoint, mistakes),
            Overrides = request.Overrides is null ? null : SettingOverrides.Read(request.Overrides, mistakes),
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
        }

        var checks = asked.IgnoredChecks.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        asked.IgnoredChecks.Clear();
        asked.IgnoredChecks.Add(checks);
        return SHA256.HashData(asked.ToByteArray());
    }

    private static void CheckSettings(InitiateFailbackRequest request, VirtualMachineId machine, FieldMistakes mistakes)
    {
        if (request.Overrides is { } overrides)
        {
            _ = SettingOverrides.Read(overrides, mistakes);
        }
        else if (request.HasReplicationSettingData)
        {
            CheckSettingText(request.ReplicationSettingData, machine, mistakes);
        }
    }

    private static void CheckSettingText(string text, VirtualMachineId machine, FieldMistakes mistakes)
    {
        const string Field = "replication_setting_data";
        if (System.Text.Encoding.UTF8.GetByteCount(text) is > CimXmlText.MaxLength and var size)
        {
            mistakes.Add(Field, $"has {size} bytes, at most {CimXmlText.MaxLength} are allowed");
            return;
        }

        try
        {
            var settings = ReplicationSettingData.Parse(text);
            if (settings.VirtualSystemIdentifier is { Length: > 0 } owner && !string.Equals(owner, machine.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                mistakes.Add(Field, $"VirtualSystemIdentifier is '{FieldMistakes.Shortened(owner)}', it must be that of virtual_machine_id");
            }
        }
        catch (Exception e) when (e is CimXmlException or CimDataException)
        {
            mistakes.Add(Field, e.Message);
        }
    }

    private static CampaignTie ReadCampaign(CampaignContext campaign, FieldMistakes mistakes)
    {
        var id = mistakes.Uuid("campaign.campaign_id", campaign.CampaignId);
        if (campaign.ItemId.Length is 0 or > LongestItemId)
        {
            mistakes.Add("campaign.item_id", $"has {campaign.ItemId.Length} characters, 1 to {LongestItemId} are allowed");
        }

        if (campaign.Attempt < 1)
        {
            mistakes.Add("campaign.attempt", $"is {campaign.Attempt}, at least 1 is allowed");
        }

        if (campaign.Epoch < 0)
        {
            mistakes.Add("campaign.epoch", $"is {campaign.Epoch}, at least 0 is allowed");
        }

        return new CampaignTie(id, campaign.ItemId, campaign.Attempt, campaign.Epoch);
    }

    private static void CheckIgnoredChecks(InitiateFailbackRequest request, FieldMistakes mistakes)
    {
        if (request.IgnoredChecks.Count > MostIgnoredChecks)
        {
            mistakes.Add("ignored_checks", $"has {request.IgnoredChecks.Count} ids, at most {MostIgnoredChecks} are allowed");
            return;
        }

        for (var i = 0; i < request.IgnoredChecks.Count; i++)
        {
            var id = request.IgnoredChecks[i];
            if (id.Length is 0 or > 64 || !id.All(character => character is >= 'A' and <= 'Z' or >= '0' and <= '9' or '_'))
            {
                mistakes.Add($"ignored_checks[{i}]", $"'{FieldMistakes.Shortened(id)}' is not the id of a check: 1 to 64 upper-case letters, digits and '_'");
            }
        }
    }
}
