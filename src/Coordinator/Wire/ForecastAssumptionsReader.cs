using System.Globalization;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Transport;
using Assumptions = HostAgent.Campaigns.Planning.ForecastAssumptions;
using Bandwidth = HostAgent.Campaigns.Planning.LinkBandwidth;
using Rates = HostAgent.Campaigns.Planning.RateRange;

namespace HostAgent.Coordinator.Wire;

/// <summary>Reads the assumptions for a forecast, and reports all errors at once.</summary>
internal static class ForecastAssumptionsReader
{
    private const int MaxLinks = 1000;
    private const long LargestDisk = 1L << 50;

    /// <summary>Reads the assumptions of a request.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_REQUEST) with every invalid field.</exception>
    public static Assumptions Read(PlanCampaignRequest request)
    {
        if (request is { HomeBy: not null, Forecast: false })
        {
            throw CampaignFailures.InvalidRequest(new FieldViolation("home_by", "is set without forecast, which answers it"));
        }

        return request is { Forecast: false, Assumptions: not null }
            ? Read(request.Assumptions, new FieldViolation("assumptions", "is set without forecast; it says what a forecast may assume"))
            : Read(request.Assumptions);
    }

    /// <summary>Reads what the forecast of a start may assume; null for nothing.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_REQUEST) with every invalid field.</exception>
    public static Assumptions? Read(StartCampaignRequest request)
        => request.Assumptions is not { } given ? null
        : given.StartTime is null ? Read(given)
        : Read(given, new FieldViolation("assumptions.start_time", "is set; the forecast of a start is for its start_time"));

    /// <summary>Reads assumptions; none when they are not set.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_REQUEST) with every invalid field.</exception>
    public static Assumptions Read(Contracts.Campaigns.V1.ForecastAssumptions? given, params FieldViolation[] found)
    {
        if (given is null)
        {
            return Assumptions.None;
        }

        var violations = found.ToList();
        CheckRate(given, violations);
        Check(violations, "assumptions.disk_bytes", given.DiskBytes, 0, LargestDisk);
        CheckLinks(given, violations);
        if (violations.Count > 0)
        {
            throw CampaignFailures.InvalidRequest(violations);
        }

        return new Assumptions
        {
            Rate = given.Rate is { } rate ? new Rates(rate.LowBytesPerSecond, Math.Max(rate.LowBytesPerSecond, rate.HighBytesPerSecond)) : null,
            DiskBytes = given.DiskBytes == 0 ? null : given.DiskBytes,
            Links = [.. given.Links.Select(link => new Bandwidth(link.Site, link.PrimarySite, link.BytesPerSecond))],
        };
    }

    /// <summary>When the campaign would be started: at the assumed time, or now when that has passed.</summary>
    public static DateTimeOffset StartTime(Contracts.Campaigns.V1.ForecastAssumptions? given, DateTimeOffset now)
        => given?.StartTime?.ToDateTimeOffset() is { } wanted && wanted > now ? wanted : now;

    /// <summary>When every machine should be home; null for no deadline.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_REQUEST): it is not after the start.</exception>
    public static DateTimeOffset? HomeBy(Google.Protobuf.WellKnownTypes.Timestamp? homeBy, DateTimeOffset start)
    {
        var wanted = homeBy?.ToDateTimeOffset();
        return wanted <= start
            ? throw CampaignFailures.InvalidRequest(new FieldViolation(
                "home_by", string.Create(CultureInfo.InvariantCulture, $"is {wanted.Value.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z; it must be after the start, {start.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z")))
            : wanted;
    }

    private static void CheckRate(Contracts.Campaigns.V1.ForecastAssumptions given, List<FieldViolation> violations)
    {
        if (given.Rate is not { } rate)
        {
            return;
        }

        Check(violations, "assumptions.rate.low_bytes_per_second", rate.LowBytesPerSecond, 1, long.MaxValue);
        if (rate.HighBytesPerSecond != 0)
        {
            Check(violations, "assumptions.rate.high_bytes_per_second", rate.HighBytesPerSecond, Math.Max(1, rate.LowBytesPerSecond), long.MaxValue);
        }
    }

    private static void CheckLinks(Contracts.Campaigns.V1.ForecastAssumptions given, List<FieldViolation> violations)
    {
        if (given.Links.Count > MaxLinks)
        {
            violations.Add(new FieldViolation("assumptions.links", $"has {given.Links.Count} entries; at most {MaxLinks} are allowed"));
            return;
        }

        var seen = new HashSet<(string, string)>();
        for (var index = 0; index < given.Links.Count; index++)
        {
            var (link, field) = (given.Links[index], string.Create(CultureInfo.InvariantCulture, $"assumptions.links[{index}]"));
            Check(violations, $"{field}.bytes_per_second", link.BytesPerSecond, 1, long.MaxValue);
            if (link.Site.Length == 0 != (link.PrimarySite.Length == 0))
            {
                violations.Add(new FieldViolation(field, "has one of site and primary_site; it must have both, or neither for every link"));
            }
            else if (!seen.Add((link.Site.ToUpperInvariant(), link.PrimarySite.ToUpperInvariant())))
            {
                violations.Add(new FieldViolation(field, $"names the link '{link.Site} → {link.PrimarySite}' again; each may be named once"));
            }
        }
    }

    private static void Check(List<FieldViolation> violations, string field, long value, long least, long greatest)
    {
        if (value < least || value > greatest)
        {
            violations.Add(new FieldViolation(field, string.Create(CultureInfo.InvariantCulture, $"{value} must be a whole number from {least} to {greatest}")));
        }
    }
}
