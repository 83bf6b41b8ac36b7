using System.Text.RegularExpressions;
using HostAgent.Transport;
using Microsoft.Playwright;

namespace HostAgent.WebConsole.Tests.Support;

/// <summary>A window on the console, and what a person does in it.</summary>
internal sealed class Window(IBrowserContext context, IPage page) : IAsyncDisposable
{
    public IPage Page { get; } = page;

    /// <summary>What the browser has complained of, such as a breach of the content security policy.</summary>
    public List<string> Complaints { get; } = [];

    public static async Task<Window> OpenAsync(
        Chromium chromium, ConsoleStage stage, string path, PeerRole role = PeerRole.Operator, string name = "maria", int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await chromium.OpenAsync(stage, role, name, width, height, scheme);
        var window = new Window(context, await context.NewPageAsync());
        window.Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                window.Complaints.Add(message.Text);
            }
        };
        await window.GoAsync(path);
        return window;
    }

    /// <summary>Opens a page of the console, and waits until it shows what it is about.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(path);
        await Assertions.Expect(Heading).ToBeVisibleAsync();
    }

    public ILocator Heading => Page.GetByRole(AriaRole.Heading, new() { Level = 1 });

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>The dialog that is open.</summary>
    public ILocator Dialog => Page.Locator("dialog[open]");

    /// <summary>The button within the dialog that is open.</summary>
    public ILocator DialogButton(string name) => Dialog.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>Waits until the page's notice tells this.</summary>
    public Task ToldAsync(string text) => Assertions.Expect(Page.GetByRole(AriaRole.Status).Filter(new() { HasTextRegex = new Regex(Regex.Escape(text), RegexOptions.None, TimeSpan.FromSeconds(1)) }).First).ToBeVisibleAsync();

    /// <summary>Waits until the campaign's page shows its state.</summary>
    public Task InStateAsync(string state) => Assertions.Expect(Heading).ToHaveTextAsync(new Regex($@"\b{state}\b", RegexOptions.None, TimeSpan.FromSeconds(1)));

    public async ValueTask DisposeAsync() => await context.DisposeAsync();
}
