using HostAgent.Campaigns.Forecast;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Forecast;

/// <summary>Forecasts of small campaigns: machines of so many mebibytes, by default at 1 MiB/s, so that seconds are mebibytes.</summary>
internal static class Question
{
    public const long MiB = 1024 * 1024;

    public static readonly ForecastAssumptions OneMebibyteASecond = new() { Rate = new RateRange(MiB, MiB) };

    /// <summary>A host with machines such as <c>sql-1=100</c>, the number being mebibytes.</summary>
    public static EstateHost Host(string line, string site = "west", string primarySite = "east", string tenant = "")
    {
        var parts = line.Split(':', 2, StringSplitOptions.TrimEntries);
        return new EstateHost
        {
            Name = parts[0],
            Site = site,
            PrimarySite = primarySite,
            Tenant = tenant,
            VirtualMachines = [.. parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(machine => machine.Split('=')).Select(pair => new EstateVirtualMachine
            {
                Id = Estate.IdOf(pair[0]),
                Name = pair[0],
                DiskBytes = pair.Length == 1 ? 0 : long.Parse(pair[1], System.Globalization.CultureInfo.InvariantCulture) * MiB,
            })],
        };
    }

    public static ForecastRequest About(string spec, params EstateHost[] hosts)
    {
        var parsed = CampaignDocument.Parse(Scenario.Document(spec), "test.yaml").Require();
        return new ForecastRequest
        {
            Spec = parsed,
            Plan = CampaignPlanner.Plan(parsed, new EstateView(hosts)).Plan,
            StartTime = Scenario.Begin,
            Assumptions = OneMebibyteASecond,
        };
    }

    public static CampaignForecast Ask(this ForecastRequest request) => CampaignForecaster.Forecast(request, TestContext.Current.CancellationToken);

    public static CampaignForecast Ask(string spec, params EstateHost[] hosts) => About(spec, hosts).Ask();

    public static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    public static RateSample Sample(string host, double mebibytesPerSecond) => new(host, 100 * MiB, TimeSpan.FromSeconds(100 / mebibytesPerSecond));
}
