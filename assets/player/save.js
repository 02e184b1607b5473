// What a visitor takes home of the canvas: a picture of this step, or a film of the whole run, recorded while it plays.
// VP9 keeps 60 frames a second on two cores, VP8 drops most of them; Firefox has VP8 alone, Safari before 18.4 MP4.
const FILMS = { "video/webm;codecs=vp9": "webm", "video/webm": "webm", "video/mp4": "mp4" };
const REST = 600; // ms that a film stays at its end

function filmType() {
  return Object.keys(FILMS).find((type) => window.MediaRecorder?.isTypeSupported(type));
}

function savePicture(canvas, name) {
  canvas.toBlob((blob) => download(blob, `${name}.png`));
}

// A recorder that is running; it is stopped by `finish`, which then saves the film.
function record(canvas, name) {
  const type = filmType();
  const recorder = new MediaRecorder(canvas.captureStream(), { mimeType: type, videoBitsPerSecond: 8e6 });
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  recorder.onstop = () => download(new Blob(parts, { type }), `${name}.${FILMS[type]}`);
  recorder.start();
  return recorder;
}

function finish(recorder, paint) {
  setTimeout(() => {
    paint();
    recorder.stop();
  }, REST);
}

function download(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
