using System.Security.Cryptography.X509Certificates;
using Deque.AxeCore.Playwright;
using HostAgent.Transport;
using Microsoft.Playwright;

namespace HostAgent.WebConsole.Tests.Support;

/// <summary>A real browser, one for all tests of the assembly. Tests that need it are skipped where there is none.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "chrome.exe"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Where it is; null where there is none.</summary>
    public static string? Path { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
        .SelectMany(folder => Names.Select(name => System.IO.Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    /// <summary>Where pictures of the pages are to be kept; null for none.</summary>
    public static string? Pictures { get; } = Environment.GetEnvironmentVariable("CONSOLE_PICTURES");

    /// <summary>Opens a window of a person's own.</summary>
    internal async Task<IBrowserContext> OpenAsync(ConsoleStage stage, PeerRole role, string name, int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        Assert.SkipUnless(Path is not null, "No Chromium is on PATH; on Debian: apt-get install chromium.");
        if (_browser is null)
        {
            _playwright = await Playwright.CreateAsync();
            Assertions.SetDefaultExpectTimeout((float)ConsoleStage.Patience.TotalMilliseconds);
            _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = Path,
                // As root there is no sandbox; the pages are our own.
                Args = ["--no-sandbox", "--disable-dev-shm-usage"],
            });
        }

        var certificate = stage.Pki.Certificate(role, name);
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = stage.Console.ToString(),
            IgnoreHTTPSErrors = true,
            ClientCertificates = [new ClientCertificate { Origin = stage.Console.GetLeftPart(UriPartial.Authority), Pfx = certificate.Export(X509ContentType.Pkcs12) }],
            ColorScheme = scheme,
            TimezoneId = "Europe/Berlin",
            ViewportSize = new ViewportSize { Width = width, Height = height },
        });
        context.SetDefaultTimeout((float)ConsoleStage.Patience.TotalMilliseconds);
        return context;
    }

    /// <summary>Keeps a picture of a page when pictures are wanted.</summary>
    internal static async Task KeepAsync(IPage page, string name, bool whole = true)
    {
        if (Pictures is { } folder)
        {
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = System.IO.Path.Combine(folder, $"{name}.png"), FullPage = whole });
        }
    }

    /// <summary>What a checker of accessibility has against a page; empty for nothing.</summary>
    internal static async Task<IReadOnlyList<string>> ComplaintsAsync(IPage page)
        => [.. (await page.RunAxe()).Violations.SelectMany(violation => violation.Nodes.Select(node => $"{violation.Id}: {violation.Help}: {node.Html}"))];

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
