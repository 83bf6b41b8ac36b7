using System.Globalization;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Documents;
using HostAgent.Texts;
using HostAgent.Transport;
using Enum = System.Enum;

namespace HostAgent.Coordinator.Wire;

/// <summary>The filters of the list methods, each validated completely before anything is read.</summary>
internal static class ListFilters
{
    private const int MaxLabels = 64;
    private const int MaxHosts = 1000;
    private const int MaxPattern = 256;

    /// <summary>The part of a campaign filter that can be evaluated on messages. The store filters by state and time.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_REQUEST).</exception>
    public static Func<Campaign, bool> Of(ListCampaignsRequest request)
    {
        Known(request.States, "states", CampaignState.Unspecified);
        Labels(request.Labels);
        Time(request.EarliestCreateTime, "earliest_create_time");
        Time(request.LatestCreateTime, "latest_create_time");
        if (request.EarliestCreateTime is { } earliest && request.LatestCreateTime is { } latest && earliest > latest)
        {
            throw CampaignFailures.InvalidRequest(new FieldViolation("latest_create_time", $"{latest.ToDateTimeOffset():O} must not be before earliest_create_time, {earliest.ToDateTimeOffset():O}"));
        }

        var creator = request.CreatedBy;
        return campaign => Has(campaign.Labels, request.Labels) && (creator.Length == 0 || campaign.CreatedBy == creator || NameOf(campaign.CreatedBy).SequenceEqual(creator));
    }

    /// <summary>The filter of an item list, applied to an item and the name of its wave.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_REQUEST).</exception>
    public static Func<ItemView, string, bool> Of(ListItemsRequest request)
    {
        Known(request.States, "states", ItemState.Unspecified);
        AtMost(request.Hosts.Count, MaxHosts, "hosts", "hosts");
        AtMost(request.VirtualMachineName.Length, MaxPattern, "virtual_machine_name", "characters");
        var (states, wave, reason) = (request.States.ToHashSet(), NameText.Composed(request.Wave), request.FailureReason);
        var hosts = request.Hosts.Append(request.Host).Where(host => host.Length > 0).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var name = request.VirtualMachineName.Length > 0 ? new Glob(request.VirtualMachineName) : null;
        return (item, itsWave) =>
            (states.Count == 0 || states.Contains(item.State))
            && (wave.Length == 0 || wave == NameText.Composed(itsWave))
            && (hosts.Count == 0 || hosts.Contains(item.Host))
            && (reason.Length == 0 || reason == item.FailureReason)
            && (name is null || name.Matches(item.VirtualMachineName));
    }

    /// <summary>The filter of a host list.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_REQUEST).</exception>
    public static Func<ManagedHost, bool> Of(ListHostsRequest request)
    {
        Known(request.Reachabilities, "reachabilities");
        Labels(request.Labels);
        var site = NameText.Composed(request.Site);
        return host =>
            (site.Length == 0 || site == NameText.Composed(host.Site))
            && (request.Reachabilities.Count == 0 || request.Reachabilities.Contains(host.Reachability))
            && Has(host.Labels, request.Labels);
    }

    private static bool Has(MapField<string, string> labels, MapField<string, string> wanted)
        => wanted.All(label => labels.TryGetValue(label.Key, out var value) && value == label.Value);

    // For failback://operator/dr-lead#serial=1F this is dr-lead.
    private static ReadOnlySpan<char> NameOf(string actor)
    {
        var name = actor.AsSpan(0, actor.LastIndexOf('#') is >= 0 and var end ? end : actor.Length);
        return name[(name.LastIndexOf('/') + 1)..];
    }

    private static void Known<T>(RepeatedField<T> values, string field, T? never = null)
        where T : struct, Enum
    {
        foreach (var value in values)
        {
            if (!Enum.IsDefined(value) || IsNever(value))
            {
                throw CampaignFailures.InvalidRequest(new FieldViolation(
                    field, $"{value:D} must be one of {string.Join(", ", Enum.GetValues<T>().Where(known => !IsNever(known)).Select(known => $"{known:D} ({known})"))}"));
            }
        }

        bool IsNever(T value) => never is { } other && EqualityComparer<T>.Default.Equals(value, other);
    }

    private static void Labels(MapField<string, string> labels) => AtMost(labels.Count, MaxLabels, "labels", "labels");

    private static void AtMost(int count, int most, string field, string what)
    {
        if (count > most)
        {
            throw CampaignFailures.InvalidRequest(new FieldViolation(field, string.Create(CultureInfo.InvariantCulture, $"has {count} {what}; at most {most} are allowed")));
        }
    }

    private static void Time(Timestamp? time, string field)
    {
        if (time is not null && (time.Nanos is < 0 or > 999_999_999 || time.Seconds < -62_135_596_800 || time.Seconds > 253_402_300_799))
        {
            throw CampaignFailures.InvalidRequest(new FieldViolation(
                field, string.Create(CultureInfo.InvariantCulture, $"{time.Seconds} s and {time.Nanos} ns since 1970 must be a time in the years 1 to 9999")));
        }
    }
}
