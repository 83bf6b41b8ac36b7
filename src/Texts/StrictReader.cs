using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace HostAgent.Texts;

/// <summary>
/// Decodes while it reads and knows where it is, which .NET's decoders do not report: their exceptions count the bytes of the last
/// buffer.
/// </summary>
internal sealed class StrictReader(Stream stream, string source) : TextReader
{
    private const int BufferSize = 32 * 1024;

    private readonly byte[] _bytes = new byte[BufferSize];
    private readonly char[] _characters = new char[BufferSize];
    private TextForm? _form;
    private int _byteCount;
    private int _next;
    private int _characterCount;
    private bool _ended;

    // The position of the first character that is not decoded yet.
    private int _line = 1;
    private int _column = 1;
    private bool _afterReturn;

    // The error after the decoded text; null while there is none.
    private string? _broken;

    private enum TextForm
    {
        Utf8,
        Utf16LittleEndian,
        Utf16BigEndian,
    }

    /// <inheritdoc/>
    public override int Peek() => HasCharacter() ? _characters[_next] : -1;

    /// <inheritdoc/>
    public override int Read() => HasCharacter() ? _characters[_next++] : -1;

    /// <inheritdoc/>
    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    /// <inheritdoc/>
    public override int Read(Span<char> buffer) => buffer.Length > 0 && HasCharacter() ? Take(buffer) : 0;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default)
        => buffer.Length > 0 && await HasCharacterAsync(cancellationToken) ? Take(buffer.Span) : 0;

    /// <inheritdoc/>
    public override Task<int> ReadAsync(char[] buffer, int index, int count) => ReadAsync(buffer.AsMemory(index, count)).AsTask();

    /// <inheritdoc/>
    public override async ValueTask<int> ReadBlockAsync(Memory<char> buffer, CancellationToken cancellationToken = default)
    {
        var read = 0;
        while (read < buffer.Length && await ReadAsync(buffer[read..], cancellationToken) is > 0 and var more)
        {
            read += more;
        }

        return read;
    }

    /// <inheritdoc/>
    public override async Task<string> ReadToEndAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        while (await HasCharacterAsync(cancellationToken))
        {
            text.Append(_characters, _next, _characterCount - _next);
            _next = _characterCount;
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public override Task<string> ReadToEndAsync() => ReadToEndAsync(CancellationToken.None);

    /// <inheritdoc/>
    public override async ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        if (!await HasCharacterAsync(cancellationToken))
        {
            return null;
        }

        var line = new StringBuilder();
        do
        {
            var rest = _characters.AsSpan(_next, _characterCount - _next);
            var end = rest.IndexOfAny('\r', '\n');
            line.Append(end < 0 ? rest : rest[..end]);
            if (end < 0)
            {
                _next = _characterCount;
                continue;
            }

            var isReturn = rest[end] == '\r';
            _next += end + 1;
            if (isReturn && await HasCharacterAsync(cancellationToken) && _characters[_next] == '\n')
            {
                _next++;
            }

            break;
        }
        while (await HasCharacterAsync(cancellationToken));
        return line.ToString();
    }

    /// <inheritdoc/>
    public override Task<string?> ReadLineAsync() => ReadLineAsync(CancellationToken.None).AsTask();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            stream.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Take(Span<char> buffer)
    {
        var count = Math.Min(buffer.Length, _characterCount - _next);
        _characters.AsSpan(_next, count).CopyTo(buffer);
        _next += count;
        return count;
    }

    private bool HasCharacter()
    {
        while (_next == _characterCount && !_ended)
        {
            Decode(stream.Read(_bytes.AsSpan(_byteCount)));
        }

        return _next < _characterCount;
    }

    private async ValueTask<bool> HasCharacterAsync(CancellationToken cancellationToken)
    {
        while (_next == _characterCount && !_ended)
        {
            Decode(await stream.ReadAsync(_bytes.AsMemory(_byteCount), cancellationToken));
        }

        return _next < _characterCount;
    }

    private void Decode(int read)
    {
        _byteCount += read;
        _ended = read == 0;
        (_next, _characterCount) = (0, 0);
        if (_form is null)
        {
            if (_byteCount < 4 && !_ended)
            {
                return;
            }

            Drop(Recognise());
        }

        var used = _form == TextForm.Utf8 ? DecodeUtf8() : DecodeUtf16();
        Count(_characters.AsSpan(0, _characterCount));
        if (_broken is { } what)
        {
            throw new NotTextException(source, _line, _column, what);
        }

        Drop(used);
    }

    /// <returns>How many bytes the byte order mark has.</returns>
    private int Recognise()
    {
        ReadOnlySpan<byte> start = _bytes.AsSpan(0, _byteCount);
        if (start.StartsWith<byte>([0xFF, 0xFE, 0, 0]) || start.StartsWith<byte>([0, 0, 0xFE, 0xFF]))
        {
            throw new NotTextException(source, 1, 1, "the byte order mark is that of UTF-32");
        }

        (_form, var length) = start.StartsWith<byte>([0xEF, 0xBB, 0xBF]) ? (TextForm.Utf8, 3)
            : start.StartsWith<byte>([0xFF, 0xFE]) ? (TextForm.Utf16LittleEndian, 2)
            : start.StartsWith<byte>([0xFE, 0xFF]) ? (TextForm.Utf16BigEndian, 2)
            : (TextForm.Utf8, 0);
        return length;
    }

    private int DecodeUtf8()
    {
        var bytes = _bytes.AsSpan(0, _byteCount);
        var status = Utf8.ToUtf16(bytes, _characters, out var used, out _characterCount, replaceInvalidSequences: false, isFinalBlock: _ended);
        if (status == OperationStatus.InvalidData || (_ended && used < _byteCount))
        {
            _broken = $"the byte 0x{bytes[used].ToString("X2", CultureInfo.InvariantCulture)} is not valid UTF-8";
        }

        return used;
    }

    private int DecodeUtf16()
    {
        var used = 0;
        while (used + 1 < _byteCount)
        {
            var unit = Unit(used);
            if (!char.IsSurrogate(unit))
            {
                _characters[_characterCount++] = unit;
                used += 2;
                continue;
            }

            if (used + 3 >= _byteCount && !_ended)
            {
                return used;
            }

            if (used + 3 >= _byteCount || !char.IsSurrogatePair(unit, Unit(used + 2)))
            {
                _broken = $"0x{((int)unit).ToString("X4", CultureInfo.InvariantCulture)} is half of a UTF-16 pair";
                return used;
            }

            _characters[_characterCount++] = unit;
            _characters[_characterCount++] = Unit(used + 2);
            used += 4;
        }

        if (_ended && used < _byteCount)
        {
            _broken = $"the byte 0x{_bytes[used].ToString("X2", CultureInfo.InvariantCulture)} is half of a UTF-16 character";
        }

        return used;
    }

    private char Unit(int at) => (char)(_form == TextForm.Utf16LittleEndian
        ? BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(at))
        : BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan(at)));

    private void Drop(int used)
    {
        _bytes.AsSpan(used, _byteCount - used).CopyTo(_bytes);
        _byteCount -= used;
    }

    private void Count(ReadOnlySpan<char> characters)
    {
        foreach (var character in characters)
        {
            if (character == '\r' || (character == '\n' && !_afterReturn))
            {
                _line++;
                _column = 1;
            }
            else if (character != '\n' && !char.IsLowSurrogate(character))
            {
                _column++;
            }

            _afterReturn = character == '\r';
        }
    }
}
