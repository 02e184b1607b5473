// What a visitor takes home of the picture, in the size of a screen: this step, or a film of the run, recorded while it plays.
// VP9 keeps up with 30 frames a second where VP8 drops most of them; Firefox has VP8 alone, Safari before 18.4 MP4.
const SAVED = { width: 1920 / 1.8, height: 1080 / 1.8, zoom: 1.8 };
const FILMS = { "video/webm;codecs=vp9": "webm", "video/webm": "webm", "video/mp4": "mp4" };
const REST = 600; // ms that a film stays at its end

function filmType() {
  return Object.keys(FILMS).find((type) => window.MediaRecorder?.isTypeSupported(type));
}

function savePicture(picture, step, name) {
  picture.paint(step);
  picture.ctx.canvas.toBlob((blob) => download(blob, `${name}.png`));
}

// A film of the picture as it is painted; it is saved when it is finished.
function record(picture, name) {
  const type = filmType();
  picture.paint(0);
  const recorder = new MediaRecorder(picture.ctx.canvas.captureStream(30), { mimeType: type, videoBitsPerSecond: 16e6 });
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  recorder.onstop = () => download(new Blob(parts, { type }), `${name}.${FILMS[type]}`);
  recorder.start();
  return { picture, recorder };
}

function finish({ picture, recorder }) {
  const { ctx } = picture;
  setTimeout(() => {
    ctx.drawImage(ctx.canvas, 0, 0, 1, 1, 0, 0, 1, 1); // a last frame
    recorder.stop();
  }, REST);
}

function download(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
