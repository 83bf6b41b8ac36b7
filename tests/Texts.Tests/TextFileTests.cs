using System.Text;
using FsCheck.Xunit;

namespace HostAgent.Texts.Tests;

public sealed class TextFileTests
{
    private const string Sample = "a: größe 😀\r\nb: \u2028x\n";

    public static TheoryData<string, byte[]> Forms => new()
    {
        { "UTF-8", Encoding.UTF8.GetBytes(Sample) },
        { "UTF-8 with mark", [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(Sample)] },
        { "UTF-16 little endian", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Sample)] },
        { "UTF-16 big endian", [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(Sample)] },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_form_gives_the_same_text(string form, byte[] bytes)
    {
        form.ShouldNotBeEmpty();
        TextFile.Decode(bytes, "t").ShouldBe(Sample);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'a', 0xFC }, "t:1:2: the byte 0xFC is not valid UTF-8")]
    [InlineData(new byte[] { (byte)'a', (byte)'\r', (byte)'\n', 0xC3, 0xA4, 0xE4, (byte)'x' }, "t:2:2: the byte 0xE4 is not valid UTF-8")]
    [InlineData(new byte[] { (byte)'\r', (byte)'\r', 0x80 }, "t:3:1: the byte 0x80 is not valid UTF-8")]
    [InlineData(new byte[] { (byte)'\n', 0xF0, 0x9F, 0x98 }, "t:2:1: the byte 0xF0 is not valid UTF-8")]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, "t:1:1: the byte 0xED is not valid UTF-8")]
    [InlineData(new byte[] { 0xC0, 0x80 }, "t:1:1: the byte 0xC0 is not valid UTF-8")]
    [InlineData(new byte[] { 0xFF, 0xFE, (byte)'a', 0, 0x00, 0xD8, (byte)'b', 0 }, "t:1:2: 0xD800 is half of a UTF-16 pair")]
    [InlineData(new byte[] { 0xFE, 0xFF, 0, (byte)'a', 0 }, "t:1:2: the byte 0x00 is half of a UTF-16 character")]
    [InlineData(new byte[] { 0xFF, 0xFE, 0, 0, (byte)'a', 0, 0, 0 }, "t:1:1: the byte order mark is that of UTF-32")]
    public void Bytes_that_are_no_text_are_refused_with_their_place(byte[] bytes, string message)
        => Should.Throw<NotTextException>(() => TextFile.Decode(bytes, "t")).Message
            .ShouldBe(message + "; the file must be saved as UTF-8, or as UTF-16 with a byte order mark.");

    // The runtime says that access is denied.
    [Fact]
    public void Directory_is_called_one() => Should.Throw<IOException>(() => TextFile.Open(Path.GetTempPath())).Message.ShouldBe("it is a directory.");

    [Property]
    public void Any_text_comes_back_however_the_stream_is_cut(string? text, FsCheck.PositiveInt size)
    {
        var value = new string((text ?? string.Empty).Where(character => !char.IsSurrogate(character)).ToArray()).TrimStart('\uFEFF') + "😀";
        using var reader = TextFile.Open(new SlowStream(Encoding.UTF8.GetBytes(value), size.Get), "t");
        reader.ReadToEnd().ShouldBe(value);
    }

    [Fact]
    public async Task Lines_end_as_those_of_every_other_reader_do()
    {
        const string text = "a\nb\r\nc\rd\n\ne\u2028f";
        using var expected = new StringReader(text);
        using var reader = TextFile.Open(new SlowStream(Encoding.UTF8.GetBytes(text), 1), "t");
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            line.ShouldBe(await expected.ReadLineAsync(TestContext.Current.CancellationToken));
        }

        (await expected.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Fact]
    public async Task An_error_far_into_a_long_file_has_its_place()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("größe\r\n", 20_000))), (byte)'x', 0xE9];
        using var reader = TextFile.Open(new MemoryStream(bytes), "long");
        var refused = await Should.ThrowAsync<NotTextException>(() => reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        (refused.Line, refused.Column).ShouldBe((20_001, 2));
    }

    private sealed class SlowStream(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(size, buffer.Length)]);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
