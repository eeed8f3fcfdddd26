// SPDX-License-Identifier: MIT
#include "core/formats/sniff.h"

#include <string.h>

#include "core/base/text.h"
#include "core/formats/onnx.h"
#include "core/formats/pickle_op.h"
#include "core/formats/safetensors.h"

/* Lists of extensions, joined with blanks. */
#define TORCH "ckpt pt pt2 pth bin pkl "
#define ARCHIVES "7z zip gz tgz xz txz zst tar "

bool extension_is_torch(struct str extension)
{
	return str_is_listed(TORCH, extension);
}

bool extension_is_model(struct str extension)
{
	return str_is_listed(TORCH "safetensors sft gguf onnx", extension);
}

static bool starts(const struct head *head, struct str magic)
{
	return str_has_prefix(head->bytes, magic);
}

static unsigned char byte_at(const struct head *head, size_t i)
{
	return i < head->bytes.len ? (unsigned char)head->bytes.ptr[i] : 0;
}

static bool is_zip(const struct head *head)
{
	return starts(head, STR("PK\x03\x04")) || starts(head, STR("PK\x05\x06"));
}

static bool is_sevenzip(const struct head *head)
{
	return starts(head, STR("7z\xbc\xaf\x27\x1c"));
}

static bool is_gguf(const struct head *head)
{
	return starts(head, STR("GGUF"));
}

/* The magic number of torch.save as a pickle: LONG1 of ten bytes (pytorch serialization.py). */
static bool is_torch_legacy(const struct head *head)
{
	return byte_at(head, 0) == 0x80 &&
	       str_equal(str_slice(head->bytes, 2, 14),
			 STR("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"));
}

static bool is_tar(const struct head *head)
{
	return str_equal(str_slice(head->bytes, 257, 262), STR("ustar"));
}

static bool is_numpy(const struct head *head)
{
	return starts(head, STR("\x93NUMPY"));
}

static bool is_compressed(const struct head *head)
{
	return starts(head, STR("\x1f\x8b\x08")) || starts(head, STR("\x28\xb5\x2f\xfd")) ||
	       starts(head, STR("\xfd"
				"7zXZ\0"));
}

/* Written as numbers the words stand backwards in the file, and some tools wrote them forwards. */
static const char old_ggml[][2][5] = {
	{ "ggml", "lmgg" }, { "ggmf", "fmgg" }, { "ggjt", "tjgg" },
	{ "ggjt", "tgjg" }, { "ggla", "algg" }, { "GGLA", "ALGG" },
};

const char *head_old_ggml_word(const struct head *head)
{
	for (size_t i = 0; i < sizeof old_ggml / sizeof *old_ggml; i++)
		for (size_t j = 0; j < 2; j++)
			if (starts(head, str_from(old_ggml[i][j])))
				return old_ggml[i][0];
	return NULL;
}

static bool is_old_ggml(const struct head *head)
{
	return head_old_ggml_word(head) != NULL;
}

uint64_t head_safetensors_length(const struct head *head)
{
	uint64_t length = 0;
	for (size_t i = 8; head->bytes.len >= 8 && i-- > 0;)
		length = length << 8 | byte_at(head, i);
	return length;
}

static bool holds_object(const struct head *head)
{
	struct str header = str_trim(str_slice(head->bytes, 8, head->bytes.len));
	return header.len && *header.ptr == '{';
}

static bool is_safetensors(const struct head *head)
{
	return head->size_bytes >= 10 && head_safetensors_length(head) <= head->size_bytes - 8 &&
	       holds_object(head);
}

/* Nothing is made or called before the machine stops over a byte that is no opcode. */
static bool is_stillborn_pickle(const struct head *head)
{
	const struct pickle_op *first = pickle_op_find(byte_at(head, 2));
	return !first || (first->form == FORM_NONE && !pickle_op_find(byte_at(head, 3)));
}

/* One header in some thousand is as long as to begin with the bytes of a pickle's protocol: 0x280. */
static bool is_pickle(const struct head *head)
{
	bool may_be_safetensors =
		str_is_listed("safetensors sft", head->extension) || holds_object(head);
	return byte_at(head, 0) == 0x80 && head->bytes.len > 1 && byte_at(head, 1) <= 5 &&
	       !(may_be_safetensors && is_stillborn_pickle(head));
}

static bool is_onnx(const struct head *head)
{
	return (byte_at(head, 0) == 0x08 && str_equal(head->extension, STR("onnx"))) ||
	       onnx_begins(head->bytes);
}

static bool is_web_page(const struct head *head)
{
	static const struct str tags[] = {
		{ "<!doctype html", 14 }, { "<html", 5 },  { "<head", 5 }, { "<body", 5 },
		{ "<script", 7 },         { "<title", 6 }, { "<meta", 5 }, { "<!--", 4 },
	};
	struct str text = head->bytes;
	str_cut_prefix(&text, STR("\xef\xbb\xbf")); /* a byte order mark */
	text = str_trim(text);
	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
		if (str_equal_nocase(str_slice(text, 0, tags[i].len), tags[i]))
			return true;
	return false;
}

static bool is_lfs(const struct head *head)
{
	return starts(head, STR("version https://git-lfs"));
}

static bool is_hdf5(const struct head *head)
{
	return starts(head, STR("\x89HDF\r\n\x1a\n"));
}

static bool is_picture(const struct head *head)
{
	return starts(head, STR("\x89PNG\r\n\x1a\n")) || starts(head, STR("\xff\xd8\xff")) ||
	       starts(head, STR("GIF8")) ||
	       (starts(head, STR("RIFF")) && str_equal(str_slice(head->bytes, 8, 12), STR("WEBP")));
}

static bool is_zeros(const struct head *head)
{
	for (size_t i = 0; i < head->bytes.len; i++)
		if (head->bytes.ptr[i])
			return false;
	return head->bytes.len >= 8;
}

static bool is_text(const struct head *head)
{
	for (size_t i = 0; i < head->bytes.len; i++) {
		unsigned char byte = byte_at(head, i);
		if ((byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t') || byte == 0x7f)
			return false;
	}
	/* The block may end inside a character. */
	size_t bad;
	return text_is_utf8(head->bytes, &bad) || bad + 4 > SNIFF_BYTES;
}

/* In the order of asking. */
static const struct {
	enum content content;
	bool (*is)(const struct head *head);
	const char *words;
	enum format format;
	const char *extensions; /* it may be named so; NULL: it is no model under any name */
} kinds[] = {
	{ CONTENT_ZIP, is_zip, "a zip archive", FORMAT_TORCH_ZIP, TORCH "zip" },
	{ CONTENT_SEVENZIP, is_sevenzip, "a 7z archive", FORMAT_ARCHIVE, ARCHIVES },
	{ CONTENT_GGUF, is_gguf, "GGUF", FORMAT_GGUF, "gguf" },
	{ CONTENT_TORCH_LEGACY, is_torch_legacy, "a PyTorch checkpoint", FORMAT_TORCH_LEGACY,
	  TORCH },
	{ CONTENT_PICKLE, is_pickle, "a pickle", FORMAT_PICKLE, TORCH },
	{ CONTENT_TAR, is_tar, "a tar archive", FORMAT_TORCH_TAR, TORCH ARCHIVES },
	{ CONTENT_NUMPY, is_numpy, "a NumPy array", FORMAT_UNKNOWN, NULL },
	{ CONTENT_COMPRESSED, is_compressed, "compressed data", FORMAT_ARCHIVE, ARCHIVES },
	{ CONTENT_OLD_GGML, is_old_ggml, "an old GGML model", FORMAT_UNKNOWN, "bin gguf" },
	{ CONTENT_SAFETENSORS, is_safetensors, "safetensors", FORMAT_SAFETENSORS,
	  "safetensors sft" },
	{ CONTENT_ONNX, is_onnx, "ONNX", FORMAT_ONNX, "onnx" },
	{ CONTENT_WEB_PAGE, is_web_page, "a web page", FORMAT_UNKNOWN, NULL },
	{ CONTENT_LFS, is_lfs, "a Git LFS pointer", FORMAT_UNKNOWN, NULL },
	{ CONTENT_HDF5, is_hdf5, "HDF5 (Keras)", FORMAT_UNKNOWN, NULL },
	{ CONTENT_PICTURE, is_picture, "a picture", FORMAT_UNKNOWN, NULL },
	{ CONTENT_ZEROS, is_zeros, "nothing but zeros", FORMAT_UNKNOWN, NULL },
	{ CONTENT_TEXT, is_text, "text", FORMAT_UNKNOWN, NULL },
};

enum { KINDS = sizeof kinds / sizeof *kinds };

enum content sniff(const struct head *head)
{
	for (size_t i = 0; i < KINDS; i++)
		if (kinds[i].is(head))
			return kinds[i].content;
	return CONTENT_UNKNOWN;
}

/** KINDS for the unknown. */
static size_t kind_of(enum content content)
{
	size_t i = 0;
	while (i < KINDS && kinds[i].content != content)
		i++;
	return i;
}

const char *content_words(enum content content)
{
	size_t i = kind_of(content);
	return i < KINDS ? kinds[i].words : "something unknown";
}

enum format content_format(enum content content)
{
	size_t i = kind_of(content);
	return i < KINDS ? kinds[i].format : FORMAT_UNKNOWN;
}

bool content_fits_extension(enum content content, struct str extension)
{
	if (!extension_is_model(extension))
		return true;
	size_t i = kind_of(content);
	return i < KINDS && kinds[i].extensions && str_is_listed(kinds[i].extensions, extension);
}
