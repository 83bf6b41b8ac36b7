using System.Text;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Wire;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Reports;

/// <summary>Writes the report of a campaign in one of its formats.</summary>
internal sealed class ReportExport(ReportReader reader) : IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    // A report holds a whole campaign in memory: two at a time, the others wait.
    private readonly SemaphoreSlim _turns = new(2, 2);

    /// <summary>Writes a report.</summary>
    /// <param name="id">The campaign's id.</param>
    /// <param name="format">The format.</param>
    /// <param name="caller">Who requests it.</param>
    /// <param name="output">The output; left open.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>False when there is no such campaign; nothing is written then.</returns>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_REQUEST): there is no such format.</exception>
    public async Task<bool> WriteAsync(string id, ReportFormat format, string caller, Stream output, CancellationToken cancellationToken)
    {
        Func<CampaignReport, Task> write = format switch
        {
            ReportFormat.Unspecified or ReportFormat.Json => report => JsonReport.WriteAsync(report, output, cancellationToken),
            ReportFormat.Csv => report => TextAsync(report, output, CsvReport.WriteAsync),
            ReportFormat.Html => report => TextAsync(report, output, HtmlReport.WriteAsync),
            _ => throw CampaignFailures.InvalidRequest(new FieldViolation("format", $"{format} must be REPORT_FORMAT_JSON, REPORT_FORMAT_CSV or REPORT_FORMAT_HTML")),
        };
        await _turns.WaitAsync(cancellationToken);
        try
        {
            if (await reader.ReadAsync(id, caller, cancellationToken) is not { } report)
            {
                return false;
            }

            await write(report);
            return true;
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <summary>Writes a runbook.</summary>
    public async Task WriteAsync(Runbook runbook, Stream output, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            await TextAsync(runbook, output, HtmlRunbook.WriteAsync);
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();

    private static async Task TextAsync<T>(T report, Stream output, Func<T, TextWriter, Task> write)
    {
        await using var text = new StreamWriter(output, Utf8, bufferSize: 32 * 1024, leaveOpen: true) { NewLine = "\n" };
        await write(report, text);
    }
}
