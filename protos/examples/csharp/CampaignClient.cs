using System.Security.Cryptography.X509Certificates;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Examples;

/// <summary>The calls that bring a campaign to its end.</summary>
internal sealed class CampaignClient(Campaigns.CampaignsClient campaigns, CancellationToken stopping)
{
    private static readonly TimeSpan CallTime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ReconnectTime = TimeSpan.FromSeconds(1);

    /// <summary>Mutual TLS with one authority, and pings that find a connection that has died.</summary>
    public static SocketsHttpHandler Handler(X509Certificate2 authority, X509Certificate2 identity) => new()
    {
        KeepAlivePingDelay = TimeSpan.FromSeconds(30),
        SslOptions = new()
        {
            ClientCertificates = [identity],
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { authority },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        },
    };

    /// <summary>Creates, starts and follows a campaign.</summary>
    /// <returns>0 when every machine is home, otherwise 1.</returns>
    public async Task<int> RunAsync(CreateCampaignRequest request)
    {
        // Creating with an equal document and starting what runs already change nothing, so both may be repeated.
        var created = await RetriedAsync(() => campaigns.CreateCampaignAsync(request, deadline: Deadline(), cancellationToken: stopping).ResponseAsync);
        await RetriedAsync(() => campaigns.StartCampaignAsync(new StartCampaignRequest { Name = created.Name }, deadline: Deadline(), cancellationToken: stopping).ResponseAsync);
        var notHome = (await FollowAsync(created.Name)).Where(item => item.State is not (ItemState.Succeeded or ItemState.SucceededWithWarnings)).ToList();
        foreach (var item in notHome)
        {
            Console.WriteLine($"{item.VirtualMachineName} on {item.Host}: {NameOf(item.State)} {item.FailureReason}: {item.Explanation}");
        }

        return notHome.Count == 0 ? 0 : 1;
    }

    /// <summary>Prints one line for each thing that a failed call says.</summary>
    public static void Explain(RpcException failure)
    {
        var status = failure.GetRpcStatus();
        var info = status?.GetDetail<ErrorInfo>();
        Console.Error.WriteLine($"{failure.StatusCode} {info?.Reason} ({info?.Domain}): {failure.Status.Detail}");
        foreach (var violation in status?.GetDetail<BadRequest>()?.FieldViolations ?? [])
        {
            Console.Error.WriteLine($"  {violation.Field}: {violation.Description}");
        }

        foreach (var violation in status?.GetDetail<PreconditionFailure>()?.Violations ?? [])
        {
            Console.Error.WriteLine($"  {violation.Type} {violation.Subject}: {violation.Description}");
        }
    }

    /// <summary>Follows a campaign to its end. A stream that breaks is opened again: it begins with a snapshot.</summary>
    private async Task<IReadOnlyCollection<Item>> FollowAsync(string name)
    {
        while (true)
        {
            var (state, items) = await RetriedAsync(() => WatchAsync(name));
            if (state is CampaignState.Completed or CampaignState.CompletedWithFailures or CampaignState.Stopped)
            {
                return items;
            }
        }
    }

    private async Task<(CampaignState State, IReadOnlyCollection<Item> Items)> WatchAsync(string name)
    {
        var (campaign, items) = (new Campaign(), new Dictionary<string, Item>(StringComparer.Ordinal));
        using var call = campaigns.WatchCampaign(new WatchCampaignRequest { Name = name }, cancellationToken: stopping);
        await foreach (var update in call.ResponseStream.ReadAllAsync(stopping))
        {
            if (update.Campaign is { } news)
            {
                if (news.Revision != campaign.Revision)
                {
                    // A replaced document: what came before is of another plan.
                    items.Clear();
                }

                campaign = news;
                Console.WriteLine($"{NameOf(news.State)}: {news.Counts.Succeeded} of {news.Counts.Total} home, {news.Counts.Failed} failed");
            }

            foreach (var item in update.Items)
            {
                items[item.Name] = item;
            }
        }

        return (campaign.State, items.Values);
    }

    /// <summary>Makes a call until a coordinator answers, and waits as long as it asks for in between.</summary>
    private async Task<T> RetriedAsync<T>(Func<Task<T>> call)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (RpcException failure) when (failure.StatusCode == StatusCode.Unavailable)
            {
                await Console.Error.WriteLineAsync($"The coordinator is unavailable: {failure.Status.Detail}");
                await Task.Delay(failure.GetRpcStatus()?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan() ?? ReconnectTime, stopping);
            }
        }
    }

    private static DateTime Deadline() => DateTime.UtcNow + CallTime;

    /// <summary>The name of an enumeration's value in the contract.</summary>
    private static string NameOf<TState>(TState state)
        where TState : struct, Enum
        => typeof(TState).GetField(state.ToString())?.GetCustomAttributes(typeof(OriginalNameAttribute), inherit: false) is [OriginalNameAttribute original] ? original.Name : state.ToString();
}
