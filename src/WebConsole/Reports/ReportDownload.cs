using System.Net;
using System.Text.RegularExpressions;
using Grpc.Core;
using HostAgent.Transport;
using HostAgent.Transport.InProcess;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace HostAgent.WebConsole.Reports;

/// <summary>A campaign's report as a file to keep.</summary>
internal static partial class ReportDownload
{
    private static readonly Dictionary<string, (ReportFormat Format, string ContentType)> Formats = new(StringComparer.Ordinal)
    {
        ["html"] = (ReportFormat.Html, "text/html; charset=utf-8"),
        ["csv"] = (ReportFormat.Csv, "text/csv; charset=utf-8"),
        ["json"] = (ReportFormat.Json, "application/json"),
    };

    /// <summary>Maps /campaigns/{id}/report.{format}.</summary>
    public static void MapReports(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/campaigns/{id}/report.{format}", WriteAsync);

    private static async Task WriteAsync(HttpContext context, string id, string format)
    {
        if (!Formats.TryGetValue(format, out var chosen) || !CampaignId().IsMatch(id))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var remote = new IPEndPoint(context.Connection.RemoteIpAddress ?? IPAddress.None, context.Connection.RemotePort);
        using var channel = context.RequestServices.GetRequiredService<InProcessServer>().OpenChannel(PeerSession.Of(context), remote);
        using var call = new CampaignsApi.CampaignsClient(channel).ExportReport(new ExportReportRequest { Name = ResourceName.Campaign(id), Format = chosen.Format }, cancellationToken: context.RequestAborted);
        try
        {
            while (await call.ResponseStream.MoveNext(context.RequestAborted).ConfigureAwait(false))
            {
                if (!context.Response.HasStarted)
                {
                    context.Response.ContentType = chosen.ContentType;
                    context.Response.Headers.ContentDisposition = $"attachment; filename=\"{id}.{format}\"";
                }

                await context.Response.Body.WriteAsync(call.ResponseStream.Current.Content.Memory, context.RequestAborted).ConfigureAwait(false);
            }
        }
        catch (RpcException exception) when (!context.Response.HasStarted)
        {
            context.Response.StatusCode = exception.StatusCode == StatusCode.NotFound ? StatusCodes.Status404NotFound : StatusCodes.Status503ServiceUnavailable;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(RpcFailure.From(exception).Message + "\n", context.RequestAborted).ConfigureAwait(false);
        }
        catch (RpcException)
        {
            // Half a report must not look like a whole one.
            context.Abort();
        }
    }

    [GeneratedRegex("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?\\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CampaignId();
}
